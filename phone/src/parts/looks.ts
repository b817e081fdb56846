/** How codes look: an icon and a word each, so that nothing is told by colour alone. */
import { t, wordOf, type Key } from "../i18n";
import type { Channel, ItemKind, ItemState, OutcomeCode, Standing } from "../store/types";
import type { IconName } from "./icons";

export const STANDING_ICONS: Record<Standing, IconName> = {
  untried: "circle-dashed", tried: "clock", partly: "adjustments", reached: "circle-check",
  vacant: "home-off", refused: "ban", not_dwelling: "building-warehouse",
};
export const CHANNEL_ICONS: Record<Channel, IconName> = {
  door: "walk", phone: "phone", chat: "message-circle", owner: "key", meter: "bolt", self: "qrcode", list: "clipboard-list",
};
export const OUTCOME_ICONS: Record<OutcomeCode, IconName> = {
  answered: "circle-check", no_answer: "x", wrong_number: "phone-x", line_off: "phone-off", locked: "lock",
  moved: "logout", language: "language-off", not_now: "calendar-time", refused: "hand-stop", vacant: "home-off",
  not_dwelling: "building-warehouse",
};
export const STATE_ICONS: Record<ItemState, IconName> = {
  waiting: "cloud-upload", sent: "cloud-upload", stored: "cloud-check", held: "inbox", conflict: "arrows-split",
  waits: "hourglass", applied: "circle-check", dismissed: "x", too_large: "alert-triangle",
};
export const KIND_ICONS: Record<ItemKind, IconName> = {
  visit: "clipboard-check", edit: "edit", member: "user-plus", left: "user-off", owner: "key", safety: "alert-triangle",
  called: "phone",
};
/** Still to be looked at by somebody. */
export const LOOK_STATES: readonly ItemState[] = ["held", "conflict", "waits", "too_large"];
export const UNSENT_STATES: readonly ItemState[] = ["waiting", "sent", "too_large"];

/** A code this version has no word for shows as itself rather than breaking the page. */
export function word(group: string, code: string): string {
  return wordOf(group, code) ?? code;
}

export function troubleText(trouble: { code: string; params?: Record<string, string | number>; message?: string }): string {
  const own = wordOf("error", trouble.code, trouble.params);
  if (own) return own;
  if (trouble.message && trouble.message !== trouble.code) return trouble.message;
  return t("error.unknown" as Key, { code: trouble.code });
}

/** What went wrong, from whatever was thrown. */
export function textOf(error: unknown): string {
  const known = error as { code?: unknown; params?: Record<string, string | number>; message?: string };
  return troubleText({ code: typeof known?.code === "string" ? known.code : "app", params: known?.params, message: known?.message });
}
