/** A visit while it is being typed, and what it becomes when it is kept. Pure. */
import type { VisitDraft } from "../../app";
import { usualSource } from "../../rules/visit";
import type {
  AttemptView, Channel, HouseholdView, Id, Iso, NewDoor, NewMember, OutcomeCode, Round, Source,
} from "../../store/types";
import { asksQuestions, asksWhoWasSeen, householdMet } from "./choices";

export interface Typed {
  channel: Channel | null;
  outcome: OutcomeCode | null;
  source: Source | null; // null: as the channel says
  seen: Id[];
  unnamed: number | null;
  household: Id | ""; // "": as it follows from who was seen
  new_members: NewMember[];
  appointment_at: Iso | null;
  note: string;
  at: Iso | null; // null: the moment of saving
  answers: Record<string, unknown> | null;
  form_draft: unknown; // the form's own; null: not begun
  form_version: string;
  corrects: Id | null;
  new_door: NewDoor | null;
}

export function blank(): Typed {
  return {
    channel: null, outcome: null, source: null, seen: [], unnamed: null, household: "", new_members: [], appointment_at: null,
    note: "", at: null, answers: null, form_draft: null, form_version: "", corrects: null, new_door: null,
  };
}

/** A channel alone is no work lost. */
export function worthKeeping(typed: Typed): boolean {
  return !!(typed.outcome || typed.note || typed.new_members.length || typed.form_draft || typed.seen.length || typed.new_door);
}

/** The correction of an attempt begins with what it said. */
export function fromAttempt(attempt: AttemptView): Typed {
  return {
    ...blank(), channel: attempt.channel, outcome: attempt.outcome,
    source: attempt.source === usualSource(attempt.channel) ? null : attempt.source,
    seen: [...(attempt.seen ?? [])], unnamed: attempt.seen_unnamed ?? null, household: attempt.household_id ?? "",
    appointment_at: attempt.appointment_at ?? null, note: attempt.note ?? "", at: attempt.at, corrects: attempt.id,
  };
}

export type Missing = "channel" | "outcome" | "past" | "future";

export function missing(typed: Typed, now: Date): Missing | null {
  if (!typed.channel) return "channel";
  if (!typed.outcome) return "outcome";
  if (typed.at && Date.parse(typed.at) > now.getTime() + 60_000) return "future";
  const past = typed.outcome === "not_now" && typed.appointment_at && Date.parse(typed.appointment_at) < now.getTime();
  return past && !typed.corrects ? "past" : null;
}

/** What is left from another choice (people ticked before "no answer" was chosen) does not go with it. */
export function toVisit(typed: Typed, place: { round: Round; door_id: Id; households: readonly HouseholdView[] }): VisitDraft {
  if (!typed.channel || !typed.outcome) throw new Error("a visit needs a channel and an outcome");
  const spoke = asksWhoWasSeen(typed.outcome);
  const seen = spoke ? [...new Set([...typed.seen, ...typed.new_members.map((member) => member.id)])] : [];
  const asked = asksQuestions(typed.outcome) && typed.answers;
  return {
    round_id: place.round.id,
    door_id: place.door_id,
    household_id: typed.household || householdMet(place.households, seen),
    channel: typed.channel,
    source: typed.source ?? usualSource(typed.channel),
    outcome: typed.outcome,
    seen,
    seen_unnamed: spoke ? (typed.unnamed ?? 0) : 0,
    note: typed.note.trim(),
    appointment_at: typed.outcome === "not_now" ? typed.appointment_at : null,
    corrects: typed.corrects,
    new_members: typed.new_members,
    ...(asked ? { answers: asked, form_version: typed.form_version } : {}),
    ...(typed.at ? { device_at: typed.at } : {}),
  };
}
