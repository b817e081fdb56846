/** The standing of a door in a round: what its facts amount to. The cases in vectors/standing.json bind it and Python's. */

import type { Attempt, Household, Id, Source, Standing } from "../store/types";

export interface Home { id: Id; members: ReadonlySet<Id>; unnamed: number }

/** One attempt as the rule sees it. `day` and `hour` are local: two looks at an empty door differ in both. */
export interface Fact {
  id: Id;
  at: number;
  day: string;
  hour: number;
  source: Source;
  outcome: string;
  household: Id | null;
  seen: ReadonlySet<Id>;
  unnamed: number;
}

export const TERMINAL: ReadonlySet<Standing> = new Set(["reached", "vacant", "not_dwelling", "refused"]);
/** From the one that asks for most work to the one that asks for least. */
export const WORST_FIRST: readonly Standing[] = ["untried", "tried", "partly", "refused", "reached"];
const HEARSAY: ReadonlySet<string> = new Set(["neighbour", "list"]);

const firstHand = (fact: Fact): boolean => !HEARSAY.has(fact.source);
const met = (fact: Fact): boolean => firstHand(fact) && (fact.outcome === "answered" || fact.outcome === "refused");

export function isWaiting(standing: Standing): boolean {
  return !TERMINAL.has(standing);
}

/** Facts that a later one corrected are left out by the caller. */
export function judge(homes: readonly Home[], facts: readonly Fact[]): Standing {
  const counted = [...facts].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  if (!counted.length) return "untried";
  return nobodyLivesHere(counted) ?? worst(homes, counted);
}

/** not_dwelling by one look, vacant by two independent sources; both only since somebody was last met there. */
function nobodyLivesHere(facts: readonly Fact[]): Standing | undefined {
  const firm = facts.slice(facts.findLastIndex(met) + 1).filter(firstHand);
  if (firm.at(-1)?.outcome === "not_dwelling") return "not_dwelling";
  return independent(firm.filter((fact) => fact.outcome === "vacant")) ? "vacant" : undefined;
}

/** Two of owner, meter and door; or the door twice, on different days and at different hours. */
function independent(signs: readonly Fact[]): boolean {
  if (new Set(signs.map((fact) => fact.source)).size >= 2) return true;
  const looks = signs.filter((fact) => fact.source === "door");
  return looks.some((a) => looks.some((b) => a.day !== b.day && a.hour !== b.hour));
}

function worst(homes: readonly Home[], facts: readonly Fact[]): Standing {
  if (!homes.length) {
    const last = facts.at(-1)!;
    return last.outcome === "refused" && firstHand(last) ? "refused" : "tried";
  }
  const standings = new Set(homes.map((home) => ofHome(home, facts, homes.length === 1)));
  return WORST_FIRST.find((standing) => standings.has(standing))!;
}

function ofHome(home: Home, facts: readonly Fact[], alone: boolean): Standing {
  const mine = facts.filter((fact) => fact.household === home.id || fact.household === null);
  if (!mine.length) return "untried";
  const firm = mine.filter(firstHand);
  if (allKnown(home, firm, alone)) return "reached";
  if (firm.findLast(met)?.outcome === "refused") return "refused";
  return someKnown(home, mine, alone) ? "partly" : "tried";
}

/** Unnamed members are not told apart, so the largest number one visit saw counts: the same child may be seen twice. */
function allKnown(home: Home, facts: readonly Fact[], alone: boolean): boolean {
  if (!home.members.size && !home.unnamed) return false;
  return [...home.members].every((id) => facts.some((fact) => fact.seen.has(id))) && mostUnnamed(home, facts, alone) >= home.unnamed;
}

function someKnown(home: Home, facts: readonly Fact[], alone: boolean): boolean {
  const named = [...home.members].some((id) => facts.some((fact) => fact.seen.has(id)));
  return named || (home.unnamed > 0 && mostUnnamed(home, facts, alone) > 0);
}

/** Unnamed people of a fact about the whole door belong to a household only where there is just one. */
function mostUnnamed(home: Home, facts: readonly Fact[], alone: boolean): number {
  return Math.max(0, ...facts.map((fact) => (fact.household === home.id || alone ? fact.unnamed : 0)));
}

// ---- from records to facts ----------------------------------------------------------------------------------------

export function homesOf(households: readonly Household[]): Home[] {
  return households.map((household) => ({
    id: household.id,
    members: new Set((household.members ?? []).filter((one) => (one.presence ?? "here") === "here").map((one) => one.id)),
    unnamed: household.unnamed ?? 0,
  }));
}

/** Corrected attempts do not count. `zone` is the time zone in which days and hours are told. */
export function factsOf(attempts: readonly Attempt[], zone = "Asia/Shanghai"): Fact[] {
  const corrected = new Set(attempts.map((attempt) => attempt.corrects).filter(Boolean));
  return attempts.filter((attempt) => !corrected.has(attempt.id)).map((attempt) => factOf(attempt, zone));
}

function factOf(attempt: Attempt, zone: string): Fact {
  const at = Date.parse(attempt.at);
  const { day, hour } = local(at, zone);
  return {
    id: attempt.id,
    at,
    day,
    hour,
    source: attempt.source,
    outcome: attempt.outcome,
    household: attempt.household_id ?? null,
    seen: new Set(attempt.seen ?? []),
    unnamed: attempt.seen_unnamed ?? 0,
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function local(at: number, zone: string): { day: string; hour: number } {
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23",
    });
    clocks.set(zone, clock);
  }
  const parts = Object.fromEntries(clock.formatToParts(at).map((part) => [part.type, part.value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) };
}
