/** What was typed here, laid over what was pulled: the worker sees at once what was typed, and how far it got. */

import type {
  Attempt, AttemptView, Door, DoorRound, DoorRoundView, DoorView, EditBody, Fields, Household, HouseholdView, Id, Item,
  ItemState, LeftBody, MemberBody, NewDoor, NewMember, OwnerBody, VisitBody,
} from "../store/types";
import { labelOf } from "./address";
import { same } from "./merge";
import { factsOf, homesOf, isWaiting, judge } from "./standing";

export interface Typed { item: Item; state: ItemState; why?: string }

const UNSENT: ReadonlySet<ItemState> = new Set(["waiting", "sent"]);
const ATTENTION: ReadonlySet<ItemState> = new Set(["held", "conflict", "too_large"]);

export function doorOf(item: Item): Id {
  return item.body.door_id;
}

/** Undefined: neither pulled nor added here. Neither `door` nor the items are changed. */
export function overlay(door: Door | undefined, typed: readonly Typed[]): DoorView | undefined {
  const live = typed.filter(({ state }) => state !== "dismissed");
  const view = door ? copy(door) : found(live);
  if (!view) return undefined;
  const back = new Set(view.rounds.flatMap((round) => round.attempts.map((attempt) => attempt.id)));
  for (const one of live) lay(view, one);
  view.unsent = live.filter(({ state }) => UNSENT.has(state)).length;
  view.attention = live.filter(({ state }) => ATTENTION.has(state)).length;
  const ahead = live.some((one) => isAhead(one, back));
  view.rounds = view.rounds.map((round) => (ahead ? judged(view, round) : finish(round)));
  return view;
}

/** The pulled standing does not know of it yet. Who is held or in conflict changes nothing until the office decides. */
function isAhead({ item, state }: Typed, back: ReadonlySet<Id>): boolean {
  if (item.kind === "called" || item.kind === "safety" || item.kind === "owner") return false;
  if (item.kind === "visit") return !ATTENTION.has(state) && !back.has(item.id);
  return UNSENT.has(state) || state === "waits";
}

function copy(door: Door): DoorView {
  return {
    ...door,
    households: (door.households ?? []).map(copyHome),
    owners: [...(door.owners ?? [])],
    safety: [...(door.safety ?? [])],
    rounds: (door.rounds ?? []).map(copyRound),
    is_new: false,
    unsent: 0,
    attention: 0,
  };
}

function copyHome(home: Household): HouseholdView {
  return { ...home, members: (home.members ?? []).map((one) => ({ ...one })), contacts: (home.contacts ?? []).map((one) => ({ ...one })) };
}

function copyRound(round: DoorRound): DoorRoundView {
  return { ...round, attempts: [...(round.attempts ?? [])], waiting: isWaiting(round.standing) };
}

/** A door that is on no list: it comes with the visit that found it. */
function found(typed: readonly Typed[]): DoorView | undefined {
  const first = typed.find(({ item }) => item.kind === "visit" && item.body.new_door);
  if (first?.item.kind !== "visit") return undefined;
  const { door_id, round_id, new_door } = first.item.body;
  const { place, building, entrance, room, use, area_id, grid_id } = new_door as NewDoor;
  const label = labelOf({ place, building, entrance, room });
  const rounds = [{ round_id, standing: "untried" as const, since: first.item.at, attempts: [], waiting: true }];
  return {
    id: door_id, v: 0, label, place, building, entrance, room, use, area_id, grid_id: grid_id ?? undefined, mine: "answers",
    households: [], owners: [], safety: [], rounds, is_new: true, unsent: 0, attention: 0,
  };
}

function lay(view: DoorView, { item, state, why }: Typed): void {
  if (item.kind === "visit") layVisit(view, item.body, { id: item.id, state, why });
  else if (item.kind === "edit") layEdit(view, item.body, state);
  else if (item.kind === "member") layMember(view, item.body, state);
  else if (item.kind === "left") layLeft(view, item.body);
  else if (item.kind === "owner") layOwner(view, item.body);
  else if (item.kind === "safety" && !view.safety.includes(item.body.text)) view.safety.push(item.body.text);
}

interface Sent { id: Id; state: ItemState; why?: string }

function layVisit(view: DoorView, body: VisitBody, { id, state, why }: Sent): void {
  for (const member of body.new_members ?? []) addMember(view, member, member.household_id ?? body.household_id ?? null, state);
  let round = view.rounds.find((one) => one.round_id === body.round_id);
  if (!round) {
    round = { round_id: body.round_id, standing: "untried", attempts: [], waiting: true };
    view.rounds.push(round);
  }
  if (round.attempts.some((attempt) => attempt.id === id)) return; // it has come back with a pull
  const attempt: AttemptView = {
    id, at: body.device_at, channel: body.channel, source: body.source, outcome: body.outcome, by: "you", state, why,
    household_id: body.household_id ?? undefined, appointment_at: body.appointment_at ?? undefined, seen: body.seen,
    seen_unnamed: body.seen_unnamed, note: body.note, corrects: body.corrects ?? undefined,
  };
  round.attempts.push(attempt);
}

/** While it waits, what was typed is shown; once the server has it, only as long as nothing newer was pulled. */
function layEdit(view: DoorView, body: EditBody, state: ItemState): void {
  const record = editedRecord(view, body);
  if (!record) return;
  const settled = !UNSENT.has(state);
  for (const [name, mine] of Object.entries(body.mine)) {
    if (settled && !same(record[name], body.base[name])) continue;
    record[name] = mine;
  }
}

function editedRecord(view: DoorView, { record, record_id }: EditBody): Fields | undefined {
  const homes = view.households;
  if (record === "door") return view as unknown as Fields;
  if (record === "household") return homes.find((home) => home.id === record_id) as unknown as Fields | undefined;
  if (record === "person") return homes.flatMap((home) => home.members).find((one) => one.id === record_id) as unknown as Fields | undefined;
  return [...homes.flatMap((home) => home.contacts), ...view.owners].find((one) => one.id === record_id) as unknown as Fields | undefined;
}

function layMember(view: DoorView, body: MemberBody, state: ItemState): void {
  addMember(view, body.member, body.household_id, state);
}

/** Where the household is not known, somebody seen begins a new one; those after join it, as on the server. */
function addMember(view: DoorView, member: NewMember, householdId: Id | null, state: ItemState): void {
  if (view.households.some((home) => home.members.some((one) => one.id === member.id))) return;
  let home = view.households.find((one) => one.id === householdId) ?? view.households.find((one) => !householdId && one.id === NEW_HOME);
  if (!home) {
    home = { id: householdId ?? NEW_HOME, members: [], contacts: [] };
    view.households.push(home);
  }
  const { id, name, relation, birth_year, phone, mobile } = member;
  home.members.push({ id, name, relation, birth_year: birth_year ?? undefined, mobile, state });
  if (phone) home.contacts.push({ id: `${id}/phone`, role: "resident", name, phone, person_id: id });
  if (home.unnamed) home.unnamed -= 1;
}
const NEW_HOME = "new";

function layLeft(view: DoorView, { person_id, how }: LeftBody): void {
  for (const home of view.households) {
    for (const member of home.members) if (member.id === person_id) member.presence = how;
  }
}

function layOwner(view: DoorView, { contact }: OwnerBody): void {
  if (!view.owners.some((owner) => owner.id === contact.id)) view.owners.push({ role: "owner", ...contact });
}

/** The same rule as the server's says what it amounts to, before the server has heard of it. */
function judged(view: DoorView, round: DoorRoundView): DoorRoundView {
  const counted = round.attempts.filter(({ state }) => !state || !ATTENTION.has(state));
  return finish({ ...round, standing: judge(homesOf(view.households), factsOf(counted)) });
}

function finish(round: DoorRoundView): DoorRoundView {
  const attempts = [...round.attempts].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return { ...round, attempts, waiting: isWaiting(round.standing), appointment_at: openAppointment(attempts) };
}

/** The last one made, unless somebody was met, or not met, after it was due. */
function openAppointment(attempts: readonly Attempt[]): string | undefined {
  const at = attempts.findLastIndex((attempt) => attempt.appointment_at);
  if (at < 0) return undefined;
  const due = Date.parse(attempts[at]!.appointment_at!);
  const later = attempts.slice(at + 1);
  return later.some((one) => one.outcome === "answered" || Date.parse(one.at) >= due) ? undefined : attempts[at]!.appointment_at;
}

