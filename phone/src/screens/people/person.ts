/** What is typed about a person, checked before it is kept. Pure, but for the year on the calendar. */
import { t } from "../../i18n";
import type { EditBody, FieldValue, Fields, Id, MemberView, NewMember, Presence } from "../../store/types";

export interface PersonTyped {
  name: string;
  relation: string;
  birth_year: string;
  phone: string;
  household: Id | "";
  presence: Presence;
  presence_note: string;
  needs: string[];
  mobile: boolean;
}
export type Wrongs = Partial<Record<"name" | "birth_year" | "phone", string>>;

const OLDEST = 1890;
const IDENTITY = /(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dXx])/;
const PHONE = /^[+\d][\d\s()*-]{4,}$/;

export function blankPerson(): PersonTyped {
  return { name: "", relation: "", birth_year: "", phone: "", household: "", presence: "here", presence_note: "", needs: [], mobile: false };
}

export function ofMember(member: MemberView): PersonTyped {
  return {
    ...blankPerson(), name: member.name, relation: member.relation ?? "", birth_year: member.birth_year ? String(member.birth_year) : "",
    presence: member.presence ?? "here", presence_note: member.presence_note ?? "", needs: [...(member.needs ?? [])], mobile: member.mobile ?? false,
  };
}

export function wrongs(typed: PersonTyped): Wrongs {
  const found: Wrongs = {};
  if (!typed.name.trim()) found.name = t("person.name_missing");
  else if (IDENTITY.test(typed.name)) found.name = t("person.no_identity");
  if (typed.birth_year && !sensibleYear(Number(typed.birth_year))) found.birth_year = t("person.birth_year_wrong", { year: thisYear() });
  const wrong = phoneWrong(typed.phone);
  if (wrong) found.phone = wrong;
  return found;
}

export function phoneWrong(phone: string): string {
  return phone.trim() && !PHONE.test(phone.trim()) ? t("person.phone_wrong") : "";
}

/** Somebody who is on no list, as a visit or a fact of its own brings them. */
export function newMember(id: Id, typed: PersonTyped): NewMember {
  return {
    id, name: typed.name.trim(), relation: typed.relation.trim(), birth_year: typed.birth_year ? Number(typed.birth_year) : null,
    phone: typed.phone.trim(), ...(typed.mobile ? { mobile: true } : {}),
  };
}

/** Only the fields that were changed, each with what it was: the server merges field by field. */
export function changed(before: PersonTyped, typed: PersonTyped): Pick<EditBody, "base" | "mine"> | null {
  return difference(fieldsOf(before), fieldsOf(typed));
}

export function difference(before: Fields, after: Fields): Pick<EditBody, "base" | "mine"> | null {
  const names = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const pick = (fields: Fields): Fields => Object.fromEntries(names.map((name) => [name, fields[name] as FieldValue]));
  return names.length ? { base: pick(before), mine: pick(after) } : null;
}

function fieldsOf(typed: PersonTyped): Fields {
  return {
    name: typed.name.trim(), relation: typed.relation.trim(), birth_year: typed.birth_year ? Number(typed.birth_year) : null,
    presence: typed.presence, presence_note: typed.presence === "away" ? typed.presence_note.trim() : "", needs: [...typed.needs].sort(),
    mobile: typed.mobile,
  };
}

function sensibleYear(year: number): boolean {
  return Number.isInteger(year) && year >= OLDEST && year <= thisYear();
}

function thisYear(): number {
  return new Date().getFullYear();
}
