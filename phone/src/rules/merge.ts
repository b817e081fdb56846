/** Field-by-field three-way merge, the same as the server's; and what of an edit is to be shown before its answer. */

import type { Fields, FieldValue } from "../store/types";

export type FieldVerdict = "apply" | "nothing" | "conflict";

export function same(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    return [...((a as string[] | null) ?? [])].sort().join("\0") === [...((b as string[] | null) ?? [])].sort().join("\0");
  }
  return (a ?? "") === (b ?? "");
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
