/** The app's words in the reader's language. Every message stands once, as a pair [zh-Hans, en], so neither can be missing. */
import { ref } from "vue";
import { doors } from "./doors";
import { errors } from "./errors";
import { me } from "./me";
import { people } from "./people";
import { record } from "./record";
import { sending } from "./sending";
import { shell } from "./shell";
import { signing } from "./signing";
import { words } from "./words";

export type Language = "zh-Hans" | "en";
export type Pair = readonly [zh: string, en: string];
export type Values = Record<string, string | number>;

export const MESSAGES = {
  ...shell, ...signing, ...doors, ...record, ...people, ...sending, ...me, ...words, ...errors,
} as const satisfies Record<string, Pair>;
export type Key = keyof typeof MESSAGES;

export const language = ref<Language>("zh-Hans");

/** `t("doors.left", { n: 3 })`. English says "one|many" where a message counts {n}. */
export function t(key: Key, values: Values = {}): string {
  return fill(MESSAGES[key][language.value === "en" ? 1 : 0], values);
}

/** A code that came from elsewhere (an outcome, a reason): its word, or null where this version has none for it. */
export function wordOf(group: string, code: string, values: Values = {}): string | null {
  const key = `${group}.${code}`;
  return key in MESSAGES ? t(key as Key, values) : null;
}

export function setLanguage(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
  document.title = t("shell.name");
}

/** The account's own language, else the device's; Chinese unless something says otherwise. */
export function languageOf(code: string | undefined): Language {
  return code?.toLowerCase().startsWith("en") ? "en" : "zh-Hans";
}

function fill(text: string, values: Values): string {
  const forms = text.split("|");
  const form = forms.length > 1 && values.n !== 1 ? forms[1]! : forms[0]!;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
