/** Days and times in the zone of the phone. An XForm keeps 2020-02-14, 09:30:00.000 and 2020-02-14T09:30:00.000+08:00. */
const two = (n: number): string => String(n).padStart(2, "0");

export function localDay(ahead: number, now = new Date()): string[] {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead);
  return [String(day.getFullYear()), two(day.getMonth() + 1), two(day.getDate())];
}

export function localTime(now = new Date()): string[] {
  return [two(now.getHours()), two(now.getMinutes())];
}

export function dayOf(text: string): string[] {
  return text.includes("T") ? localDay(0, new Date(text)) : text.slice(0, 10).split("-");
}

export function shownDay(text: string): string {
  return dayOf(text).join("-");
}

export function timeOf(text: string, kind: string): string[] {
  if (kind === "dateTime") return localTime(new Date(text));
  return kind === "time" ? text.slice(0, 5).split(":") : localTime();
}

export function isoWithZone(day: string, time: string): string {
  const behind = -new Date(`${day}T${time}:00`).getTimezoneOffset();
  const zone = `${behind < 0 ? "-" : "+"}${two(Math.floor(Math.abs(behind) / 60))}:${two(Math.abs(behind) % 60)}`;
  return `${day}T${time}:00.000${zone}`;
}
