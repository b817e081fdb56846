/** What the app has to say about its own state, the most urgent first. Pure: the status and the time come in. */
import type { Status } from "../app";
import { t } from "../i18n";
import { amount, daysBetween } from "../i18n/format";
import { troubleText } from "./looks";
import type { IconName } from "./icons";

export interface Warning { code: string; text: string; tone: "red" | "amber" | "plain"; icon: IconName; act?: "sign_in" | "update" | "outbox" }

const CLOCK_OFF = 5 * 60; // seconds
const OLD_DAYS = 2;
const NEARLY_FULL = 0.9;
const CONTACT = new Set(["phone.offline", "phone.unreachable", "phone.server"]); // the pill says these

export function warnings(status: Status, now: number): Warning[] {
  return [full, signIn, wiped, evicted, tooOld, trouble, chat, stale, clock, nearlyFull, notKept, update]
    .map((rule) => rule(status, now)).filter((found) => found !== null);
}

type Rule = (status: Status, now: number) => Warning | null;

const full: Rule = (status) => status.full ? { code: "full", text: t("error.phone.full"), tone: "red", icon: "database" } : null;
const signIn: Rule = (status) =>
  status.must_sign_in ? { code: "sign_in", text: t("status.signed_out"), tone: "red", icon: "user-off", act: "sign_in" } : null;
const wiped: Rule = ({ wiped }) =>
  wiped && (wiped.why === "device.revoked" || wiped.why === "account.closed")
    ? { code: "wiped", text: wiped.why === "account.closed" ? t("error.account.closed") : t("status.revoked"), tone: "red", icon: "shield-lock" }
    : null;
const evicted: Rule = (status) =>
  status.evicted ? { code: "evicted", text: t("status.evicted"), tone: "red", icon: "database" } : null;
const tooOld: Rule = (status) =>
  status.too_old ? { code: "too_old", text: t("status.too_old"), tone: "red", icon: "download", act: "update" } : null;
const trouble: Rule = ({ trouble: known }) =>
  known && !CONTACT.has(known.code) && known.code !== "phone.too_old"
    ? { code: "trouble", text: troubleText(known), tone: "amber", icon: "alert-triangle" }
    : null;
const chat: Rule = (status) =>
  status.online_only ? { code: "chat", text: t("status.chat"), tone: "amber", icon: "message-circle" } : null;
const stale: Rule = (status, now) => {
  const days = status.last_contact ? daysBetween(status.last_contact, now) : 0;
  return days >= OLD_DAYS ? { code: "old", text: t("status.old", { n: days }), tone: "amber", icon: "history" } : null;
};
const clock: Rule = ({ clock_off: off }) => {
  if (Math.abs(off) < CLOCK_OFF) return null;
  const how = t(off > 0 ? "status.clock_ahead" : "status.clock_behind");
  return { code: "clock", text: t("status.clock", { how, amount: amount(off) }), tone: "amber", icon: "clock" };
};
const nearlyFull: Rule = ({ storage, full: isFull }) =>
  !isFull && storage && storage.quota > 0 && storage.used / storage.quota > NEARLY_FULL
    ? { code: "nearly_full", text: t("status.full"), tone: "amber", icon: "database" }
    : null;
const notKept: Rule = ({ storage, online_only: chatOnly }) =>
  storage && !storage.persisted && !chatOnly ? { code: "not_kept", text: t("status.not_kept"), tone: "plain", icon: "info-circle" } : null;
const update: Rule = (status) =>
  status.update_ready ? { code: "update", text: t("status.update"), tone: "plain", icon: "download", act: "update" } : null;

/** The one line that is always there: is this phone in touch, and is everything sent? */
export interface Pill { text: string; icon: IconName; tone: "green" | "amber" | "red" }

export function pill(status: Status, ago: (at: string) => string): Pill {
  if (status.attention) return { text: t("status.held", { n: status.attention }), icon: "inbox", tone: "red" };
  if (status.syncing) return { text: syncing(status.progress?.doors ?? 0), icon: "refresh", tone: "amber" };
  if (status.waiting) return { text: t("status.waiting", { n: status.waiting }), icon: inTouch(status) ? "cloud-upload" : "cloud-off", tone: "amber" };
  const when = status.last_contact ? t("status.synced", { when: ago(status.last_contact) }) : t("status.never");
  return { text: when, icon: inTouch(status) ? "cloud-check" : "cloud-off", tone: inTouch(status) ? "green" : "amber" };
}

function syncing(doors: number): string {
  return doors ? t("status.pulling", { n: doors }) : t("status.syncing");
}

export function inTouch(status: Status): boolean {
  return status.online && !(status.trouble && CONTACT.has(status.trouble.code));
}
