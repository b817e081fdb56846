// @vitest-environment jsdom
/** The form that ODK Collect downloads, opened by ODK's own engine: it loads, asks in order, and writes what the server reads. */
import { expect, test } from "vitest";

import { asked, begin, of, range, say, wrong } from "./forms";

const DOOR = "00000000-0000-0000-0000-0000000000d0";
const PERSON = "00000000-0000-0000-0000-0000000000f0";
const lists = {
  "doors.csv": `name,label\n${DOOR},松涧里小区 3号楼2单元501\nnew,不在名单上的门\n`,
  "members.csv": `name,door,label\n${PERSON},${DOOR},苗安 · 户主\nsomebody,another,别人家\n`,
  "areas.csv": "name,label\nhere,松涧里社区\n",
};
const options = (node: unknown): string[] => (node as any).currentState.valueOptions.map((option: any) => option.value);

test("nobody home: two answers are enough, and no question is asked", async () => {
  const sitting = await begin("framed", null, lists);
  say(sitting, { door: DOOR, channel: "door", outcome: "no_answer" });
  expect(wrong(sitting)).toEqual([]);
  expect(asked(sitting)).not.toContain("people_now");
});

test("somebody answered: the people of that door are offered, and the questionnaire follows", async () => {
  const sitting = await begin("framed", null, lists);
  say(sitting, { door: DOOR, channel: "door", outcome: "answered" });
  expect(options(of(sitting, "seen"))).toEqual([PERSON]);
  expect(asked(sitting)).toContain("people_now");
  expect(wrong(sitting)).toEqual([]);
  say(sitting, { symptoms: ["none", "fever"] });
  expect(wrong(sitting)).toEqual(["symptoms: constraint"]);
});

test("a door on no list asks where it is", async () => {
  const sitting = await begin("framed", null, lists);
  say(sitting, { door: "new", channel: "door", outcome: "answered" });
  expect(asked(sitting)).toContain("room");
  expect(asked(sitting)).not.toContain("seen");
});

test("as many people are added as one says", async () => {
  const sitting = await begin("framed", null, lists);
  say(sitting, { door: DOOR, channel: "door", outcome: "answered", new_people: "2" });
  const visit = sitting.root.currentState.children.find((node) => node.currentState.reference === "/data/visit")!;
  const rows = (visit.currentState.children as any[]).find((node) => node.currentState.reference.endsWith("new_members"));
  expect(rows.currentState.children).toHaveLength(2);
});

test("it speaks both languages, the questionnaire too", async () => {
  const sitting = await begin("framed", null, lists);
  say(sitting, { door: DOOR, channel: "door", outcome: "answered" });
  const labels = () => ["outcome", "people_now"].map((name) => of(sitting, name).currentState.label?.asString);
  expect(labels()).toEqual(["结果怎样？", "现在家里住着几口人？"]);
  sitting.speak("en");
  expect(labels()).toEqual(["What came of it?", "How many people are staying here now?"]);
});

test("what is written is what the server's tests read", async () => {
  const sitting = await begin("framed", null, lists);
  say(sitting, { door: DOOR, channel: "door", outcome: "answered", seen: [PERSON], seen_unnamed: "1", note: "六点后来" });
  say(sitting, { people_now: "2", came_back: "yes", arrival_who: "大儿子", arrival_place: "某市", arrival_risk: "yes" });
  say(sitting, { arrival_on: "2020-02-13", symptoms: ["fever", "cough"], temperature: "38.5" });
  const fixed = sitting.root.instanceState.instanceXML
    .replace(/<start>[^<]+/, "<start>2020-02-14T09:30:00.000+08:00")
    .replace(/uuid:[0-9a-f-]{36}/, "uuid:00000000-0000-0000-0000-0000000000a0");
  await expect(fixed).toMatchFileSnapshot("./framed_filled.xml");
});
