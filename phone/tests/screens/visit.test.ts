/** What is typed at a door, and what it becomes. */
import { describe, expect, it } from "vitest";
import { everybody, householdMet, outcomesFor, slots, vacancySigns } from "../../src/screens/record/choices";
import { blank, fromAttempt, missing, toVisit, worthKeeping, type Typed } from "../../src/screens/record/visitDraft";
import type { AttemptView, HouseholdView, Round } from "../../src/store/types";

const NOON = new Date("2020-02-12T12:00:00+08:00");
const ROUND: Round = { id: "round", name: "第一轮", from: "2020-02-10T00:00:00Z", to: "2020-02-20T00:00:00Z" };
const MIAO: HouseholdView = { id: "miao", unnamed: 1, contacts: [], members: [{ id: "an", name: "苗安" }, { id: "ning", name: "苗宁", presence: "away" }] };
const LI: HouseholdView = { id: "li", contacts: [], members: [{ id: "lei", name: "厉雷", presence: "here" }] };
const PLACE = { round: ROUND, door_id: "door", households: [MIAO] };
const typed = (more: Partial<Typed>): Typed => ({ ...blank(), channel: "door", outcome: "answered", ...more });
const attempt = (more: Partial<AttemptView>): AttemptView => ({ id: "a", at: "2020-02-11T02:00:00Z", channel: "door", source: "door", outcome: "no_answer", ...more });

describe("what can come of an attempt", () => {
  it("is only what that way can tell", () => {
    expect(outcomesFor("phone")).not.toContain("vacant");
    expect(outcomesFor("meter")).toEqual(["vacant"]);
  });

  it("begins with what happens most", () => {
    expect(outcomesFor("door").slice(0, 3)).toEqual(["answered", "no_answer", "locked"]);
  });

  it("is what the round asks for, where it says so", () => {
    expect(outcomesFor("door", ["answered", "vacant"])).toEqual(["answered", "vacant"]);
  });
});

describe("who was seen", () => {
  it("is, with one tap, everybody who is at home and those without a name", () => {
    expect(everybody([MIAO])).toEqual({ seen: ["an"], unnamed: 1 });
  });

  it("says which household was met, where a door has several", () => {
    expect(householdMet([MIAO, LI], ["lei"])).toBe("li");
    expect(householdMet([MIAO, LI], ["lei", "an"])).toBeNull();
    expect(householdMet([MIAO], ["an"])).toBeNull();
  });
});

describe("a visit", () => {
  it("claims nothing that was not typed", () => {
    const visit = toVisit(typed({ outcome: "no_answer" }), PLACE);
    expect(visit).toMatchObject({ channel: "door", source: "door", outcome: "no_answer", seen: [], seen_unnamed: 0, note: "", appointment_at: null });
    expect(visit).not.toHaveProperty("answers");
    expect(visit).not.toHaveProperty("device_at");
  });

  it("takes along somebody who is not on the list", () => {
    const visit = toVisit(typed({ seen: ["an"], unnamed: 1, new_members: [{ id: "new", name: "苗小" }] }), PLACE);
    expect(visit.seen).toEqual(["an", "new"]);
    expect(visit.seen_unnamed).toBe(1);
  });

  it("leaves behind who was ticked before the outcome was changed", () => {
    const visit = toVisit(typed({ outcome: "refused", seen: ["an"], answers: { people_now: 2 }, appointment_at: NOON.toISOString() }), PLACE);
    expect(visit).toMatchObject({ seen: [], appointment_at: null });
    expect(visit).not.toHaveProperty("answers");
  });

  it("carries the answers with the version they were asked in", () => {
    expect(toVisit(typed({ answers: { people_now: 2 }, form_version: "3" }), PLACE)).toMatchObject({ answers: { people_now: 2 }, form_version: "3" });
  });

  it("needs a way and an outcome, a time that has been, and an appointment that has not", () => {
    expect(missing(blank(), NOON)).toBe("channel");
    expect(missing(typed({ outcome: null }), NOON)).toBe("outcome");
    expect(missing(typed({ at: "2020-02-12T06:00:00Z" }), NOON)).toBe("future");
    expect(missing(typed({ outcome: "not_now", appointment_at: "2020-02-12T03:00:00Z" }), NOON)).toBe("past");
    expect(missing(typed({}), NOON)).toBeNull();
  });

  it("that corrects another begins with what that one said", () => {
    const first = fromAttempt(attempt({ id: "first", outcome: "answered", seen: ["an"], note: "好" }));
    expect(first).toMatchObject({ corrects: "first", outcome: "answered", seen: ["an"], note: "好", source: null });
    expect(toVisit(first, PLACE)).toMatchObject({ corrects: "first", device_at: "2020-02-11T02:00:00Z" });
  });

  it("is worth keeping as a draft once more than the way was chosen", () => {
    expect(worthKeeping({ ...blank(), channel: "door" })).toBe(false);
    expect(worthKeeping(typed({ outcome: null, note: "狗" }))).toBe(true);
    expect(worthKeeping(typed({}))).toBe(true);
  });
});

describe("signs that nobody lives there", () => {
  it("are counted first-hand and once per source", () => {
    const signs = [attempt({ id: "1", outcome: "vacant", source: "meter" }), attempt({ id: "2", outcome: "vacant", source: "meter" }), attempt({ id: "3", outcome: "vacant", source: "neighbour" })];
    expect(vacancySigns(signs)).toEqual(["meter"]);
  });

  it("do not count once corrected", () => {
    expect(vacancySigns([attempt({ id: "1", outcome: "vacant" }), attempt({ id: "2", corrects: "1" })])).toEqual([]);
  });
});

describe("times to come again", () => {
  it("are never in the past and begin today", () => {
    const offered = slots(new Date(2020, 1, 12, 12, 0));
    expect(offered.map(({ at }) => [at.getDate(), at.getHours()])).toEqual([[12, 15], [12, 19], [13, 9], [13, 15], [13, 19], [15, 9]]);
  });

  it("leave out today when the day is over, and Saturday when it is tomorrow", () => {
    const offered = slots(new Date(2020, 1, 14, 20, 0));
    expect(offered.every(({ at }) => at.getDate() === 15)).toBe(true);
  });
});
