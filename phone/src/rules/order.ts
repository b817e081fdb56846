/** The order of work: appointments that are due, then the oldest unreached first, walked in the order of the building. */

import type { AttemptView, DoorFilter, DoorRoundView, DoorRow, DoorView, Id, Round, Standing } from "../store/types";

const HOUR = 3_600_000;
const APPOINTMENT_LEAD = HOUR / 2; // shown at the top half an hour before
const REST = 2 * HOUR; // who did not open just now will not open now: retries at a different hour
const URGENCY: readonly Standing[] = ["untried", "tried", "partly", "refused", "reached", "vacant", "not_dwelling"];

export interface Look { rounds: readonly Round[]; now: number }

export function rowOf(door: DoorView, filter: DoorFilter, look: Look): DoorRow {
  const chosen = chooseRound(door, filter.round_id);
  const round = look.rounds.find((one) => one.id === chosen?.round_id);
  const last = newest(chosen?.attempts ?? []);
  return {
    id: door.id,
    label: door.label,
    place: door.place ?? "",
    building: door.building ?? "",
    entrance: door.entrance ?? "",
    room: door.room ?? "",
    round_id: chosen?.round_id,
    standing: chosen?.standing ?? "untried",
    waiting: chosen?.waiting ?? false,
    overdue: isOverdue(chosen, round, look.now),
    since: chosen?.since,
    appointment_at: chosen?.waiting ? chosen.appointment_at : undefined,
    last,
    tries: chosen?.attempts.length ?? 0,
    people: door.households.reduce((sum, home) => sum + home.members.length + (home.unnamed ?? 0), 0),
    safety: door.safety.length > 0,
    unsent: door.unsent,
    attention: door.attention,
  };
}

/** The round asked for, else the one that asks for most work. */
function chooseRound(door: DoorView, wanted: Id | undefined): DoorRoundView | undefined {
  if (wanted) return door.rounds.find((round) => round.round_id === wanted);
  return [...door.rounds].sort((a, b) => URGENCY.indexOf(a.standing) - URGENCY.indexOf(b.standing))[0];
}

function isOverdue(round: DoorRoundView | undefined, asked: Round | undefined, now: number): boolean {
  if (!round?.since || !asked?.due_hours || round.standing !== "untried") return false;
  return Date.parse(round.since) + asked.due_hours * HOUR < now;
}

export function newest(attempts: readonly AttemptView[]): AttemptView | undefined {
  return attempts.reduce<AttemptView | undefined>((last, one) => (last && Date.parse(last.at) > Date.parse(one.at) ? last : one), undefined);
}

export function select(doors: Iterable<DoorView>, filter: DoorFilter, look: Look): DoorRow[] {
  const words = (filter.text ?? "").trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found: { row: DoorRow; key: string; sort: string }[] = [];
  for (const door of doors) {
    if (!isAsked(door, filter) || !words.every((word) => holds(door, word))) continue;
    const row = rowOf(door, filter, look);
    if (shows(row, filter)) found.push({ row, key: workKey(row, look.now), sort: door.sort ?? door.label });
  }
  found.sort((a, b) => compare(a.key, b.key) || compare(a.sort, b.sort) || compare(a.row.id, b.row.id));
  return found.map(({ row }) => row);
}

function isAsked(door: DoorView, filter: DoorFilter): boolean {
  return (
    (!filter.place || door.place === filter.place) &&
    (!filter.building || door.building === filter.building) &&
    (!filter.mine || door.mine === filter.mine) &&
    (!filter.round_id || door.rounds.some((round) => round.round_id === filter.round_id))
  );
}

function holds(door: DoorView, word: string): boolean {
  const address = `${door.label} ${door.place ?? ""} ${door.building ?? ""} ${door.entrance ?? ""} ${door.room ?? ""}`;
  return address.toLowerCase().includes(word) || door.households.some((home) => home.members.some((one) => one.name.toLowerCase().includes(word)));
}

function shows(row: DoorRow, { show = "all" }: DoorFilter): boolean {
  if (show === "waiting") return row.waiting;
  if (show === "done") return Boolean(row.round_id) && !row.waiting;
  if (show === "appointments") return row.appointment_at !== undefined;
  if (show === "unsent") return row.unsent > 0 || row.attention > 0;
  return true;
}

/** One text that sorts: what kind of work it is, then since when it waits. */
function workKey(row: DoorRow, now: number): string {
  if (!row.waiting) return "9";
  const appointment = row.appointment_at ? Date.parse(row.appointment_at) : undefined;
  if (appointment !== undefined && appointment - APPOINTMENT_LEAD <= now) return `0${stamp(appointment)}`;
  if (appointment !== undefined) return `3${stamp(appointment)}`;
  const justTried = row.last !== undefined && now - Date.parse(row.last.at) < REST;
  return `${justTried ? 2 : 1}${stamp(row.since ? Date.parse(row.since) : 0)}`;
}

function stamp(at: number): string {
  return String(Math.max(0, Math.floor(at / 60_000))).padStart(9, "0");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

