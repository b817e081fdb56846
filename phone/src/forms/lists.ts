/** The people of a door as a choice list, for forms that have an itemset on members.csv. */
import type { Listed, Lists } from "./types";

export function listsOf(members: readonly Listed[]): Lists {
  const rows = members.map(({ id, name, relation }) => [id, relation ? `${name} · ${relation}` : name].map(cell).join(","));
  return { "members.csv": ["name,label", ...rows].join("\n") + "\n" };
}

function cell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
