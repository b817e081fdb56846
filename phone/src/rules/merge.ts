/** Field-by-field three-way merge, the same as the server's; and what of an edit is to be shown before its answer. */

import type { Fields, FieldValue } from "../store/types";

export type FieldVerdict = "apply" | "nothing" | "conflict";

/** Nothing is nothing, however it is written; spaces around a text and the order of a list do not matter. Zero is a number. */
export function same(a: unknown, b: unknown): boolean {
  return plain(a) === plain(b);
}

function plain(value: unknown): unknown {
  if (value === undefined || value === false) return null;
  if (typeof value === "string") return value.trim() || null;
  if (!Array.isArray(value)) return value;
  return value.length ? `\0${JSON.stringify([...new Set(value.map(String))].sort())}` : null;
}

/** `theirs` is what the server has now, `base` what the editor saw, `mine` what was typed. */
export function verdict(base: FieldValue | undefined, theirs: FieldValue | undefined, mine: FieldValue | undefined): FieldVerdict {
  if (same(mine, base) || same(theirs, mine)) return "nothing";
  return same(theirs, base) ? "apply" : "conflict";
}

/** Only what was changed travels, with what it was changed from. */
export function changesOf(before: Fields, after: Fields): { base: Fields; mine: Fields } {
  const names = Object.keys(after).filter((name) => !same(before[name], after[name]));
  const pick = (from: Fields): Fields => Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
  return { base: pick(before), mine: pick(after) };
}
