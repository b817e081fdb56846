/** Reading what was typed of an address, and telling whether it is known already. Pure. */
import type { Door } from "../store/types";

export interface Address { place: string; building: string; entrance: string; room: string }

/** `松涧里 3-2-501`, `3号楼2单元501`, `3-501`: what was searched for fills the form. */
export function fromText(text: string, places: readonly string[]): Partial<Address> {
  const place = places.find((one) => text.includes(one));
  const rest = (place ? text.replace(place, "") : text).trim();
  const full = /^(\w+)\s*(?:号楼|栋|-|－)\s*(\w+)\s*(?:单元|-|－)\s*(\w+)\s*室?$/.exec(rest);
  if (full) return { ...(place ? { place } : {}), building: full[1]!, entrance: full[2]!, room: full[3]! };
  const short = /^(\w+)\s*(?:号楼|栋|-|－)\s*(\w+)\s*室?$/.exec(rest);
  if (short) return { ...(place ? { place } : {}), building: short[1]!, room: short[2]! };
  return { ...(place ? { place } : {}), ...(/^\d+[A-Za-z]?$/.test(rest) ? { room: rest } : {}) };
}

/** Numbers are compared as people mean them: full-width figures, `3号楼` and `03` are 3. */
export function plainNumber(text: string | undefined): string {
  return (text ?? "").normalize("NFKC").trim().replace(/(号楼|栋|单元|号|室)$/, "").replace(/^0+(?=\d)/, "").toUpperCase();
}

export function sameDoor(door: Door, typed: Address): boolean {
  if (!typed.room.trim()) return false;
  return (door.place ?? "") === typed.place.trim() && (["building", "entrance", "room"] as const).every((part) => plainNumber(door[part]) === plainNumber(typed[part]));
}

/** The round that most of the neighbours are in: a new door joins it. */
export function roundOfPlace(doors: readonly Door[], place: string): string | undefined {
  const count = new Map<string, number>();
  for (const door of doors) if (door.place === place.trim()) for (const { round_id } of door.rounds ?? []) count.set(round_id, (count.get(round_id) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/** What is listed at the place and building typed so far, to choose from. */
export function knownNumbers(doors: readonly Door[], typed: Address): { buildings: string[]; entrances: string[]; rooms: string[] } {
  const here = doors.filter((door) => door.place === typed.place.trim());
  const inBuilding = here.filter((door) => typed.building.trim() && plainNumber(door.building) === plainNumber(typed.building));
  const inEntrance = inBuilding.filter((door) => plainNumber(door.entrance) === plainNumber(typed.entrance));
  return { buildings: distinct(here.map((door) => door.building)), entrances: distinct(inBuilding.map((door) => door.entrance)), rooms: distinct(inEntrance.map((door) => door.room)) };
}

function distinct(numbers: (string | undefined)[]): string[] {
  const found = [...new Set(numbers.filter((one): one is string => !!one))];
  return found.sort((a, b) => a.localeCompare(b, "zh", { numeric: true }));
}
