import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { changesOf, same, verdict } from "../../src/rules/merge";
import type { Fields } from "../../src/store/types";

interface Case { name: string; base: Fields; theirs: Fields; mine: Fields; apply: Fields; conflicts: string[] }
const { cases } = JSON.parse(readFileSync(new URL("../../../vectors/merge.json", import.meta.url), "utf8")) as { cases: Case[] };

test.each(cases.map((one) => [one.name, one] as const))("%s", (_name, { base, theirs, mine, apply, conflicts }) => {
  const names = Object.keys(mine).sort();
  const said = (what: string): string[] => names.filter((name) => verdict(base[name], theirs[name], mine[name]) === what);
  expect(Object.fromEntries(said("apply").map((name) => [name, mine[name]]))).toEqual(apply);
  expect(said("conflict")).toEqual(conflicts);
});

test("there are cases", () => {
  expect(cases.length).toBeGreaterThan(10);
});

test("only what was changed travels, with what it was changed from", () => {
  const before = { name: "苗安", note: "", needs: ["over_80", "alone"], birth_year: 1950 };
  const after = { name: " 苗安 ", note: "下午在家", needs: ["alone", "over_80"], birth_year: 1951 };
  expect(changesOf(before, after)).toEqual({ base: { note: "", birth_year: 1950 }, mine: { note: "下午在家", birth_year: 1951 } });
});

test("a list is never taken for the text that looks like it", () => {
  expect(same(["a"], '["a"]')).toBe(false);
});
