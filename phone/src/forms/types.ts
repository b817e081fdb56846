/** What a questionnaire gets and gives. Answers have the shape of a visit's `answers`; see firstline/rounds/sheet.py. */

/** null: not obtained, a lawful answer to every question. Missing: the question was not relevant, or left open and not required. */
export type Answer = string | number | string[] | null;
export type Row = Record<string, Answer>;
export type Answers = Record<string, Answer | Row[]>;

export interface Filled {
  answers: Answers;
}

/** Everything typed so far, as plain data: kept after every change, so that a killed app loses nothing. */
export interface Draft {
  version: 1;
  xml: string; // the instance as the form engine writes it
  absent: string[]; // where "not obtained" was said: "/data/temperature", "/data/arrivals[2]/arrival_on"
}

/** Somebody of the household, for forms that ask about each of them (itemset members.csv). */
export interface Listed {
  id: string;
  name: string;
  relation?: string;
}

/** Choice lists beside the form, by file name: { "members.csv": "name,label\n..." }. Nothing is ever fetched. */
export type Lists = Readonly<Record<string, string>>;

export class UnreadableForm extends Error {}
