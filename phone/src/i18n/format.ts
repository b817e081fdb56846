/** Dates, times and addresses as people here write them, in the reader's language and the phone's time zone. */
import { language, t } from "./index";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
type At = string | number | Date;

/** Whole calendar days from one moment to another: yesterday evening to this morning is one. */
export function daysBetween(from: At, to: At): number {
  return Math.round((midnight(to).getTime() - midnight(from).getTime()) / DAY);
}

export function clockTime(at: At): string {
  const moment = new Date(at);
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** `11月26日（周四）`, `Thu 26 Nov`; the year only where it is another one. */
export function day(at: At, now: At = Date.now()): string {
  const moment = new Date(at);
  const year = moment.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" as const };
  if (language.value === "en") return moment.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short", ...year });
  const date = moment.toLocaleDateString("zh-CN", { month: "long", day: "numeric", ...year });
  return `${date}（${moment.toLocaleDateString("zh-CN", { weekday: "short" })}）`;
}

/** `今天 19:00`, `明天 09:30`, `11月26日（周四）19:00`. */
export function dayTime(at: At, now: At = Date.now()): string {
  const near = { "0": "when.today", "-1": "when.yesterday", "1": "when.tomorrow" } as const;
  const key = near[String(daysBetween(now, at)) as keyof typeof near];
  if (key) return t(key, { time: clockTime(at) });
  return language.value === "en" ? `${day(at, now)}, ${clockTime(at)}` : `${day(at, now)}${clockTime(at)}`;
}

/** `刚刚`, `5分钟前`, `3天前`. */
export function ago(at: At, now: At = Date.now()): string {
  const gone = new Date(now).getTime() - new Date(at).getTime();
  if (gone < MINUTE) return t("when.now");
  if (gone < HOUR) return t("when.minutes", { n: Math.floor(gone / MINUTE) });
  if (gone < DAY) return t("when.hours", { n: Math.floor(gone / HOUR) });
  return t("when.days", { n: Math.floor(gone / DAY) });
}

/** How far a clock is off: `3小时`. */
export function amount(seconds: number): string {
  const off = Math.abs(seconds) * 1000;
  if (off < HOUR) return t("amount.minutes", { n: Math.max(1, Math.round(off / MINUTE)) });
  return off < 2 * DAY ? t("amount.hours", { n: Math.round(off / HOUR) }) : t("amount.days", { n: Math.round(off / DAY) });
}

export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** What an `<input type="datetime-local">` takes and gives. */
export function localInput(at: At): string {
  const moment = new Date(at);
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}T${clockTime(moment)}`;
}

/** The address inside its estate: `3号楼2单元501`. */
export function inner(label: string, place: string | undefined): string {
  return (place && label.startsWith(place) ? label.slice(place.length).trim() : label) || label;
}

function midnight(at: At): Date {
  const moment = new Date(at);
  moment.setHours(0, 0, 0, 0);
  return moment;
}

function two(figure: number): string {
  return String(figure).padStart(2, "0");
}
