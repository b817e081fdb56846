/** What a code is that no door here answers to. Door codes lead to /doors/ID/, slips to /r/CODE/. Pure. */
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

export function meaningOf(code: string): "slip" | "door" | "other" {
  if (/\/r\/[^/]+\/?$/.test(code)) return "slip";
  return UUID.test(code) ? "door" : "other";
}
