// @vitest-environment jsdom
/** Every kind of question that a form may have. */
import { expect, test, vi } from "vitest";

import { open } from "../../src/forms/engine";
import { listsOf } from "../../src/forms/lists";
import { UnreadableForm } from "../../src/forms/types";
import { figures, numberOf } from "../../src/forms/widgets/figures";
import { dayOf, isoWithZone, timeOf } from "../../src/forms/widgets/days";
import { asked, begin, form, of, range, say, wrong } from "./forms";

const members = listsOf([{ id: "p1", name: "苗安", relation: "户主" }, { id: "p2", name: '苗"小"宁, 二' }]);

test("dates, times, figures, choices of choices and people of the door", async () => {
  const sitting = await begin("every_kind", null, members);
  say(sitting, { day: "2020-02-14", hour: "09:30:00.000", moment: "2020-02-14T09:30:00.000+08:00", count: "2", weight: "1.5" });
  say(sitting, { fruit: "apple", sort: "gala", who: ["p1", "p2"], inside: "苹果" });
  expect(wrong(sitting)).toEqual([]);
  expect(sitting.filled().answers).toEqual({
    day: "2020-02-14", hour: "09:30:00.000", moment: "2020-02-14T09:30:00.000+08:00", count: 2, weight: 1.5, total: "3",
    fruit: "apple", sort: "gala", who: ["p1", "p2"], boxes: [{ inside: "苹果" }],
  });
});

test("an itemset offers what fits the other answer, and takes back what no longer does", async () => {
  const sitting = await begin("every_kind", null, members);
  const offered = () => (of(sitting, "sort").currentState as any).valueOptions.map((option: any) => option.value);
  say(sitting, { fruit: "apple", sort: "fuji" });
  expect(offered()).toEqual(["fuji", "gala"]);
  say(sitting, { fruit: "pear" });
  expect(offered()).toEqual(["ya"]);
  expect(sitting.filled().answers).toEqual({ fruit: "pear" });
});

test("people of the door are offered by name", async () => {
  const sitting = await begin("every_kind", null, members);
  const offered = (of(sitting, "who").currentState as any).valueOptions.map((option: any) => [option.value, option.label.asString]);
  expect(offered).toEqual([["p1", "苗安 · 户主"], ["p2", '苗"小"宁, 二']]);
});

test("a repeat with a count has as many rows as the count says", async () => {
  const sitting = await begin("every_kind", null, members);
  say(sitting, { count: "3" });
  expect(range(sitting, "boxes").currentState.children).toHaveLength(3);
  say(sitting, { count: "1" });
  expect(range(sitting, "boxes").currentState.children).toHaveLength(1);
});

test("a note is shown and never answered", async () => {
  const sitting = await begin("every_kind", null, members);
  expect(asked(sitting)).toContain("hello");
  expect(sitting.filled().answers).toEqual({});
});

test("a form never reaches out of the phone", async () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  const sitting = await begin("every_kind");
  expect((of(sitting, "who").currentState as any).valueOptions).toEqual([]);
  expect(fetched).not.toHaveBeenCalled();
  fetched.mockRestore();
});

test("what is no form is told, not shown", async () => {
  await expect(open({ xform: "<h:html/>" })).rejects.toBeInstanceOf(UnreadableForm);
  await expect(open({ xform: form("welfare_check").replace('relevant="', 'relevant="((') })).rejects.toBeInstanceOf(UnreadableForm);
});

test.each([
  ["３６。５", false, "36.5", "36.5"],
  ["36.", false, "36.", "36"],
  ["1.5", true, "1", "1"],
  ["-3", true, "-3", "-3"],
  ["abc", true, "", ""],
  ["12345678901", true, "123456789", "123456789"],
  ["36,6", false, "36.6", "36.6"],
])("figures typed as %s", (typed, whole, shown, kept) => {
  expect(figures(typed, whole)).toBe(shown);
  expect(numberOf(shown)).toBe(kept);
});

test("a moment keeps the zone of the phone", () => {
  const text = isoWithZone("2020-02-14", "09:30");
  expect(text).toMatch(/^2020-02-14T09:30:00\.000[+-]\d\d:\d\d$/);
  expect(dayOf(text).join("-")).toBe("2020-02-14");
  expect(timeOf(text, "dateTime")).toEqual(["09", "30"]);
});
