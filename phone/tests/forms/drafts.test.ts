// @vitest-environment jsdom
/** A killed app: the draft is plain data, and gives back everything that was typed. */
import { expect, test } from "vitest";

import { begin, notObtained, of, range, say, wrong } from "./forms";

const killed = <T>(draft: T): T => JSON.parse(JSON.stringify(draft));

test("a draft brings back answers, rows and what was not obtained", async () => {
  const sitting = await begin("arrival_screening");
  say(sitting, { people_now: "3", came_back: "yes", symptoms: ["fever", "cough"] });
  say(sitting, { arrival_place: "某市" });
  range(sitting, "arrivals").addInstances();
  say(sitting, { arrival_place: "邻省", arrival_on: "2020-02-14" }, 2);
  sitting.setAbsent(of(sitting, "arrival_risk", 2), true);
  notObtained(sitting, "temperature", "contact");
  const again = await begin("arrival_screening", killed(sitting.draft()));
  expect(again.filled()).toEqual(sitting.filled());
  expect(again.filled().answers).toMatchObject({ temperature: null, contact: null });
  expect(again.isAbsent(of(again, "arrival_risk", 2))).toBe(true);
  expect(again.isAbsent(of(again, "arrival_risk", 1))).toBe(false);
  expect(wrong(again)).toEqual(wrong(sitting));
});

test("what was hidden by another answer is still there when that is taken back after a restart", async () => {
  const sitting = await begin("welfare_check");
  say(sitting, { wellness: "unwell" });
  notObtained(sitting, "unwell_what");
  say(sitting, { wellness: "well" });
  const again = await begin("welfare_check", killed(sitting.draft()));
  say(again, { wellness: "unwell" });
  expect(again.isAbsent(of(again, "unwell_what"))).toBe(true);
});

test("a form that was filled twice over is restored twice over", async () => {
  const sitting = await begin("welfare_check");
  say(sitting, { people_now: "2" });
  const second = await begin("welfare_check", killed(sitting.draft()));
  say(second, { alone: "yes" });
  const third = await begin("welfare_check", killed(second.draft()));
  expect(third.filled().answers).toEqual({ people_now: 2, alone: "yes" });
});

test("the draft of another version of the form gives what fits", async () => {
  const sitting = await begin("arrival_screening");
  say(sitting, { people_now: "3", call_me: "yes", contact: "no" });
  const other = await begin("welfare_check", killed(sitting.draft()));
  expect(other.filled().answers).toEqual({ people_now: 3, call_me: "yes" });
});

test("a draft that cannot be read does not keep the form from opening", async () => {
  const sitting = await begin("welfare_check", { version: 1, xml: "<broken", absent: ["/data/alone"] });
  expect(sitting.filled().answers).toEqual({ alone: null });
});
