// @vitest-environment jsdom
/** What counts of a filled-in questionnaire: the same cases as the server's. */
import { readFileSync } from "node:fs";

import { beforeAll, expect, test, vi } from "vitest";

import type { Node } from "../../src/forms/engine";
import type { Answers, Row } from "../../src/forms/types";
import { begin, of, range, say } from "./forms";

interface Case { name: string; form: string; said: Answers; counts: Answers; wrong: Record<string, string> }
const { today, cases } = JSON.parse(readFileSync(`${import.meta.dirname}/../../../vectors/questionnaires.json`, "utf8")) as {
  today: string;
  cases: Case[];
};

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date(`${today}T12:00:00`) });
});

const where = (node: Node): string =>
  node.currentState.reference.replace(/^\/data\//, "").replace(/\[(\d+)\]\//g, (_whole: string, row: string) => `:${Number(row) - 1}:`);

test.each(cases)("$name", async ({ form, said, counts, wrong }) => {
  const sitting = await begin(form);
  const tell = (row: Row, place = 1): void => {
    for (const [name, answer] of Object.entries(row)) {
      if (answer === null) sitting.setAbsent(of(sitting, name, place), true);
      else say(sitting, { [name]: Array.isArray(answer) ? answer : String(answer) }, place);
    }
  };
  const isRows = (answer: unknown): answer is Row[] => Array.isArray(answer) && typeof answer[0] === "object";
  const [rows, plain] = [Object.entries(said).filter(([, a]) => isRows(a)), Object.entries(said).filter(([, a]) => !isRows(a))];
  tell(Object.fromEntries(plain) as Row);
  for (const [name, answers] of rows) {
    (answers as Row[]).slice(1).forEach(() => range(sitting, name).addInstances());
    (answers as Row[]).forEach((row, at) => tell(row, at + 1));
  }
  expect(sitting.filled().answers).toEqual(counts);
  expect(Object.fromEntries(sitting.problems.value.map(({ node, why }) => [where(node), why]))).toEqual(wrong);
});
