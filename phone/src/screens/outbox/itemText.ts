/** One item of the outbox in a line of words. */
import { t, wordOf } from "../../i18n";
import { word } from "../../parts/looks";
import { labelOf } from "../../rules/address";
import type { Bodies, FieldValue, Id, Item, ItemNotice, OutboxItem } from "../../store/types";

const LONGEST = 60;

export function titleOf(item: OutboxItem): string {
  return item.item ? word("kind", item.item.kind) : t("kind.other");
}

export function textOfItem(item: OutboxItem): string {
  return item.item ? describe(item.item) : t("outbox.sealed");
}

/** Where something was typed: a door that is here, or one that was added here and waits to be sent. */
export function placeOf(door: Id | null | undefined, doors: ReadonlyMap<Id, { label: string }>, outbox: readonly OutboxItem[]): string {
  if (!door) return "";
  const added = outbox.map(({ item }) => (item?.kind === "visit" && item.body.door_id === door ? item.body.new_door : null)).find(Boolean);
  return doors.get(door)?.label ?? (added ? labelOf(added) : "");
}

/** What it means and what to do: the server's words, except for what it cannot know better than the phone. */
export function meaningOf(one: { why?: string; message?: string; state?: OutboxItem["state"]; status?: ItemNotice["status"] }): string {
  const waits = one.state === "waits" || one.status === "waiting"; // a reason outlives what it was for
  return waits && one.why === "phone.waits_for_door" ? t("state_hint.waits_for_door") : (one.message ?? "");
}

/** Old versions may have written kinds this one does not know. */
function describe(item: Item): string {
  const tell = TELL[item.kind] as ((body: Bodies[Item["kind"]]) => string) | undefined;
  return tell ? tell(item.body) : "";
}

const TELL: { [K in Item["kind"]]: (body: Bodies[K]) => string } = {
  visit: (body) => [word("channel", body.channel), word("outcome", body.outcome), body.answers ? t("record.questions_done") : ""].filter(Boolean).join(" · "),
  edit: (body) => Object.keys(body.mine).map((name) => t("edit.changed", { field: wordOf("edit_field", name) ?? name, base: shown(name, body.base[name]), mine: shown(name, body.mine[name]) })).join(t("shell.list_comma")),
  member: (body) => [body.member.name, body.member.relation].filter(Boolean).join(" · "),
  left: (body) => word("presence", body.how),
  owner: (body) => [body.contact.name, body.contact.phone].filter(Boolean).join(" · "),
  safety: (body) => short(body.text),
  called: () => t("kind.called"),
};

function shown(name: string, value: FieldValue | undefined): string {
  if (typeof value === "boolean") return t(value ? "edit.yes" : "edit.no");
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length)) return t("edit.empty");
  if (Array.isArray(value)) return value.map((code) => word("need", code)).join(t("shell.list_comma"));
  if (name === "use" || name === "presence") return word(name, String(value));
  return short(String(value));
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
