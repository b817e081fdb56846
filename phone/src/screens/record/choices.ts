/** What a visit's screen offers, on top of the rules (rules/visit.ts). Pure: codes, facts and the time come in. */
import { isHearsay, mayNameSeen, outcomesOf } from "../../rules/visit";
import type { AttemptView, Channel, HouseholdView, MemberView, OutcomeCode, Source } from "../../store/types";

export const CHANNELS = ["door", "phone", "chat", "owner", "meter"] as const satisfies readonly Channel[];

/** The likeliest first: what a thumb reaches for. */
const ORDER: readonly OutcomeCode[] = [
  "answered", "no_answer", "locked", "not_now", "refused", "wrong_number", "line_off", "moved", "language", "vacant", "not_dwelling",
];

/** `allowed` are the round's own, where it names some. */
export function outcomesFor(channel: Channel, allowed?: readonly OutcomeCode[]): OutcomeCode[] {
  return outcomesOf(channel, allowed).sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
}

/** People are learned about only where somebody spoke. */
export function asksWhoWasSeen(outcome: OutcomeCode | null): boolean {
  return outcome !== null && outcome !== "refused" && mayNameSeen(outcome);
}

export function asksQuestions(outcome: OutcomeCode | null): boolean {
  return outcome === "answered";
}

/** Where "vacant" was said before, first-hand and not corrected: the other half of the proof. */
export function vacancySigns(attempts: readonly AttemptView[]): Source[] {
  const corrected = new Set(attempts.map((attempt) => attempt.corrects));
  const signs = attempts.filter((attempt) => attempt.outcome === "vacant" && !corrected.has(attempt.id) && !isHearsay(attempt.source));
  return [...new Set(signs.map((attempt) => attempt.source))];
}

export function present(member: MemberView): boolean {
  return !member.presence || member.presence === "here";
}

export function listed(member: MemberView): boolean {
  return member.presence !== "moved" && member.presence !== "dead";
}

/** Everybody who is expected at home; who is away can be ticked, but does not have to be. */
export function everybody(households: readonly HouseholdView[]): { seen: string[]; unnamed: number } {
  const members = households.flatMap((household) => household.members).filter(present);
  return { seen: members.map((member) => member.id), unnamed: households.reduce((sum, household) => sum + (household.unnamed ?? 0), 0) };
}

/** At a door of several households a visit that met only one of them is about that one. */
export function householdMet(households: readonly HouseholdView[], seen: readonly string[]): string | null {
  if (households.length < 2 || !seen.length) return null;
  const met = households.filter((household) => household.members.some((member) => seen.includes(member.id)));
  return met.length === 1 ? met[0]!.id : null;
}

export interface Slot { at: Date; part: "morning" | "afternoon" | "evening" }
const HOURS = { morning: [9, 30], afternoon: [15, 0], evening: [19, 0] } as const;

/** Times people agree on: later today, tomorrow, and the next Saturday. */
export function slots(now: Date): Slot[] {
  const today = (["afternoon", "evening"] as const).map((part) => slot(now, 0, part)).filter(({ at }) => at.getTime() - now.getTime() > 3_600_000);
  const tomorrow = (["morning", "afternoon", "evening"] as const).map((part) => slot(now, 1, part));
  const saturday = (6 - now.getDay() + 7) % 7;
  return [...today, ...tomorrow, ...(saturday > 1 ? [slot(now, saturday, "morning")] : [])];
}

function slot(now: Date, days: number, part: Slot["part"]): Slot {
  const [hour, minute] = HOURS[part];
  return { at: new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute), part };
}
