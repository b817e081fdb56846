import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { factsOf, judge, type Fact, type Home } from "../src/rules/standing";
import type { Source } from "../src/store/types";

interface Case {
  name: string;
  households: Record<string, { members: string[]; unnamed: number }>;
  facts: { at: string; source: Source; outcome: string; household?: string; seen?: string[]; seen_unnamed?: number; id?: string; corrects?: string; corrected?: boolean }[];
  standing: string;
}

const { cases } = JSON.parse(readFileSync(new URL("../../vectors/standing.json", import.meta.url), "utf8")) as { cases: Case[] };

function homes(one: Case): Home[] {
  return Object.entries(one.households).map(([id, home]) => ({ id, members: new Set(home.members), unnamed: home.unnamed }));
}

function facts(one: Case): Fact[] {
  return one.facts.filter((fact) => !fact.corrected).map((fact, place) => ({
    id: String(place).padStart(4, "0"),
    at: Date.parse(`${fact.at}Z`),
    day: fact.at.slice(0, 10),
    hour: Number(fact.at.slice(11, 13)),
    source: fact.source,
    outcome: fact.outcome,
    household: fact.household ?? null,
    seen: new Set(fact.seen ?? []),
    unnamed: fact.seen_unnamed ?? 0,
  }));
}

test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, one) => {
  expect(judge(homes(one), facts(one))).toBe(one.standing);
});

test("there are cases", () => {
  expect(cases.length).toBeGreaterThan(30);
});

test("a corrected attempt does not count, and hours are told in the zone's time", () => {
  const told = factsOf([
    { id: "1", at: "2026-02-06T18:30:00Z", channel: "door", source: "door", outcome: "answered" },
    { id: "2", at: "2026-02-06T18:40:00Z", channel: "door", source: "door", outcome: "locked", corrects: "1" },
  ]);
  expect(told.map((fact) => [fact.id, fact.day, fact.hour])).toEqual([["2", "2026-02-07", 2]]);
});
