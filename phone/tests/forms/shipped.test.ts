// @vitest-environment jsdom
/** Both shipped questionnaires, answered the way a visit carries it. */
import { expect, test } from "vitest";

import { asked, begin, notObtained, of, range, say, wrong } from "./forms";

const today = new Date().toISOString().slice(0, 10);

test("the welfare check gives answers as the server's page would", async () => {
  const sitting = await begin("welfare_check");
  say(sitting, { people_now: "2", alone: "no", wellness: "unwell", unwell_what: " 咳嗽 ", needs: ["medicine", "food"] });
  say(sitting, { needs_which: "降压药 2 盒", needs_days: "3", call_me: "yes" });
  expect(wrong(sitting)).toEqual([]);
  expect(sitting.filled().answers).toEqual({
    people_now: 2, alone: "no", wellness: "unwell", unwell_what: "咳嗽", needs: ["medicine", "food"],
    needs_which: "降压药 2 盒", needs_days: 3, call_me: "yes",
  });
});

test("the arrival screening gives its repeat as rows and its calculated finding", async () => {
  const sitting = await begin("arrival_screening");
  say(sitting, { people_now: "3", came_back: "yes", contact: "no", symptoms: ["fever"], temperature: "38.5", call_me: "no" });
  say(sitting, { arrival_who: "大儿子", arrival_place: "某市", arrival_risk: "yes", arrival_on: today });
  range(sitting, "arrivals").addInstances();
  say(sitting, { arrival_place: "邻省", arrival_risk: "unsure", arrival_on: today }, 2);
  expect(wrong(sitting)).toEqual([]);
  expect(sitting.filled().answers).toEqual({
    people_now: 3, came_back: "yes", contact: "no", symptoms: ["fever"], temperature: 38.5, call_me: "no",
    finding_temperature: "fever",
    arrivals: [
      { arrival_who: "大儿子", arrival_place: "某市", arrival_risk: "yes", arrival_on: today },
      { arrival_place: "邻省", arrival_risk: "unsure", arrival_on: today },
    ],
  });
});

test("every question may be answered with: not obtained", async () => {
  const sitting = await begin("welfare_check");
  notObtained(sitting, "people_now", "alone", "wellness", "needs", "call_me");
  expect(wrong(sitting)).toEqual([]);
  expect(sitting.filled().answers).toEqual({ people_now: null, alone: null, wellness: null, needs: null, call_me: null });
});

test("not obtained and an answer take each other's place", async () => {
  const sitting = await begin("welfare_check");
  say(sitting, { people_now: "2" });
  notObtained(sitting, "people_now");
  expect(sitting.filled().answers).toEqual({ people_now: null });
  say(sitting, { people_now: "4" });
  expect(sitting.filled().answers).toEqual({ people_now: 4 });
});

test("what is not asked is not answered, whatever was typed before", async () => {
  const sitting = await begin("welfare_check");
  say(sitting, { wellness: "unwell", unwell_what: "头晕" });
  expect(asked(sitting)).toContain("unwell_what");
  say(sitting, { wellness: "well" });
  expect(asked(sitting)).not.toContain("unwell_what");
  expect(sitting.filled().answers).toEqual({ wellness: "well" });
});

test("required questions are named until they are answered or not obtained", async () => {
  const sitting = await begin("welfare_check");
  expect(wrong(sitting)).toEqual(["people_now: required", "alone: required", "wellness: required", "needs: required"]);
  say(sitting, { people_now: "1", alone: "yes", wellness: "well" });
  notObtained(sitting, "needs");
  expect(wrong(sitting)).toEqual([]);
});

test("a broken constraint is told in the form's own words, in the language of the reader", async () => {
  const sitting = await begin("arrival_screening");
  say(sitting, { symptoms: ["none", "fever"], people_now: "90" });
  expect(wrong(sitting)).toContain("symptoms: constraint");
  const message = () => (of(sitting, "people_now").validationState as any).violation.message.asString;
  expect(message()).toBe("人数应在 0 到 60 之间");
  sitting.speak("en");
  expect(message()).toBe("Between 0 and 60 people");
});

test("labels and choices change their language while one types", async () => {
  const sitting = await begin("welfare_check");
  const label = () => of(sitting, "alone").currentState.label?.asString;
  const choice = () => (of(sitting, "alone").currentState as any).valueOptions[0].label.asString;
  expect([label(), choice()]).toEqual(["家里有没有独自居住的老人或病人？", "有"]);
  say(sitting, { alone: "yes" });
  sitting.speak("en");
  expect([label(), choice()]).toEqual(["Does an old or ill person live here alone?", "Yes"]);
  expect(sitting.filled().answers).toEqual({ alone: "yes" });
});

test("a row in which nothing was said is no row", async () => {
  const sitting = await begin("arrival_screening");
  say(sitting, { came_back: "yes" });
  expect(sitting.filled().answers).toEqual({ came_back: "yes" });
});
