/** Which outcomes a channel can have, and whose word it is: what the screens offer, and nothing that claims too much. */

import type { Channel, OutcomeCode, Source, Standing } from "../store/types";

const MET: readonly OutcomeCode[] = ["answered", "not_now", "refused", "language"];
const CALL: readonly OutcomeCode[] = [...MET, "no_answer", "wrong_number", "line_off", "moved"];
const OUTCOMES: Record<Channel, readonly OutcomeCode[]> = {
  door: [...MET, "no_answer", "locked", "moved", "vacant", "not_dwelling"],
  phone: CALL,
  chat: CALL,
  self: ["answered"],
  owner: ["answered", "moved", "vacant", "not_dwelling"],
  meter: ["vacant"],
  list: ["answered", "moved", "vacant"],
};
const SOURCES: Record<Channel, readonly Source[]> = {
  door: ["door", "neighbour"],
  phone: ["phone", "owner", "neighbour"],
  chat: ["phone", "owner", "neighbour"],
  self: ["self"],
  owner: ["owner"],
  meter: ["meter"],
  list: ["list"],
};
/** Somebody spoke, so somebody's condition may have been learned. */
const LEARNING: ReadonlySet<OutcomeCode> = new Set(["answered", "refused", "moved", "language", "not_now"]);
/** Least intrusive first. */
const BY_INTRUSION: readonly Channel[] = ["phone", "door"];

export function outcomesOf(channel: Channel, asked?: readonly OutcomeCode[]): OutcomeCode[] {
  return OUTCOMES[channel].filter((outcome) => !asked?.length || asked.includes(outcome));
}

export function sourcesOf(channel: Channel): Source[] {
  return [...SOURCES[channel]];
}

/** The first is what it usually is: at the door one sees for oneself, on the phone the resident speaks. */
export function usualSource(channel: Channel): Source {
  return SOURCES[channel][0]!;
}

export function asksForAppointment(outcome: OutcomeCode): boolean {
  return outcome === "not_now";
}

export function mayNameSeen(outcome: OutcomeCode): boolean {
  return LEARNING.has(outcome);
}

/** Hearsay never makes a door terminal: the screen says so before it is recorded. */
export function isHearsay(source: Source): boolean {
  return source === "neighbour" || source === "list";
}

/** What to try next: by telephone where there is a number and it was not just tried, else at the door. */
export function nextChannel(tried: readonly Channel[], hasNumber: boolean): Channel {
  const last = tried.at(-1);
  if (!hasNumber) return "door";
  return BY_INTRUSION.find((channel) => channel !== last) ?? "door";
}

/** An empty door needs a second look or another source; the screen says which. */
export function vacancyNeeds(standing: Standing, sources: readonly Source[]): "nothing" | "another_source" {
  return standing === "vacant" || new Set(sources).size >= 2 ? "nothing" : "another_source";
}
