/** What the list of doors is narrowed by. Pure. */
import type { Door, DoorFilter, DoorRow, Id, Standing } from "../store/types";

export interface Filters {
  show: NonNullable<DoorFilter["show"]>;
  place: string;
  building: string;
  standing: Standing | "";
  round: Id | "";
  order: "oldest" | "walk";
}

export function plainFilters(): Filters {
  return { show: "waiting", place: "", building: "", standing: "", round: "", order: "oldest" };
}

export function narrowed(filters: Filters): boolean {
  return filters.show !== "waiting" || !!filters.place || !!filters.standing || !!filters.round;
}

/** Who searches means every door, whatever is left to do there; so does who asks for one standing. */
export function asFilter(filters: Filters, text: string): DoorFilter {
  return {
    show: text || filters.standing ? "all" : filters.show,
    text: asWritten(text) || undefined,
    place: filters.place || undefined,
    building: filters.place ? filters.building : undefined,
    round_id: filters.round || undefined,
  };
}

/** `3-2-501` is how people say `3号楼2单元501`. */
export function asWritten(text: string): string {
  const plain = text.normalize("NFKC").trim();
  return plain
    .replace(/(^|\s)(\w+)-(\w+)-(\w+)(?=\s|$)/g, "$1$2号楼$3单元$4")
    .replace(/(^|\s)(\w+)-(\w+)(?=\s|$)/g, "$1$2号楼 $3");
}

/** As one goes through the buildings: the server's own order of addresses. */
export function sortedAsWalked(rows: readonly DoorRow[], doors: ReadonlyMap<Id, Door>): DoorRow[] {
  const place = (row: DoorRow): string => doors.get(row.id)?.sort ?? row.label;
  return rows.map((row) => ({ row, at: place(row) })).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ row }) => row);
}
