/** What the app says of itself and of what was typed, in both languages. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Status } from "../../src/app";
import { t, wordOf, language } from "../../src/i18n";
import { ago, amount, dayTime, daysBetween, size } from "../../src/i18n/format";
import { troubleText } from "../../src/parts/looks";
import { inTouch, pill, warnings } from "../../src/parts/warnings";
import { meaningOf, placeOf, textOfItem } from "../../src/screens/outbox/itemText";
import { blankPerson, changed, wrongs } from "../../src/screens/people/person";
import type { Item, OutboxItem } from "../../src/store/types";

const NOW = Date.parse("2020-02-12T12:00:00+08:00");
const WELL: Status = {
  phase: "open", language: "zh-hans", account: null, online: true, syncing: false, progress: null, last_contact: "2020-02-12T03:55:00Z", trouble: null,
  waiting: 0, oldest_waiting: null, attention: 0, elsewhere: 0, must_sign_in: false, too_old: null, update_ready: false, online_only: false, wiped: null,
  evicted: null, full: false, storage: { used: 1, quota: 100, persisted: true }, clock_off: 0, tries_left: 5, device_id: "", version: "",
};
const codes = (more: Partial<Status>): string[] => warnings({ ...WELL, ...more }, NOW).map((warning) => warning.code);
const item = (one: Partial<Item>): OutboxItem => ({ id: "i", at: "", state: "waiting", mine: true, item: one as Item });

beforeEach(() => {
  language.value = "zh-Hans";
});

describe("the state of the phone", () => {
  it("is not worth a word while all is well", () => {
    expect(codes({})).toEqual([]);
  });

  it.each([
    ["full", { full: true }], ["sign_in", { must_sign_in: true }], ["wiped", { wiped: { why: "device.revoked", at: "" } }], ["evicted", { evicted: { waiting: 2 } }],
    ["too_old", { too_old: "0.4.0" }], ["trouble", { trouble: { code: "phone.form_missing" } }], ["chat", { online_only: true }], ["old", { last_contact: "2020-02-09T03:55:00Z" }],
    ["clock", { clock_off: -7200 }], ["nearly_full", { storage: { used: 95, quota: 100, persisted: true } }], ["not_kept", { storage: { used: 1, quota: 100, persisted: false } }],
    ["update", { update_ready: true }],
  ] as [string, Partial<Status>][])("says %s", (code, state) => {
    expect(codes(state)).toEqual([code]);
  });

  it("says the most urgent first", () => {
    expect(codes({ update_ready: true, must_sign_in: true, full: true })).toEqual(["full", "sign_in", "update"]);
  });

  it("counts what is waiting before it says that all is sent", () => {
    expect(pill({ ...WELL, waiting: 3 }, () => "").text).toBe("3 条待发送");
    expect(pill(WELL, (at) => ago(at, NOW)).text).toBe("5分钟前已同步");
    expect(pill({ ...WELL, attention: 1, waiting: 3 }, () => "").tone).toBe("red");
  });

  it("is out of touch without a network, and when the server cannot be reached", () => {
    expect(inTouch({ ...WELL, online: false })).toBe(false);
    expect(inTouch({ ...WELL, trouble: { code: "phone.offline" } })).toBe(false);
    expect(inTouch({ ...WELL, trouble: { code: "phone.throttled" } })).toBe(true);
  });
});

describe("times", () => {
  const at = new Date(2020, 1, 12, 12, 0);

  it("near by are said as people say them", () => {
    expect(dayTime(new Date(2020, 1, 12, 19, 0), at)).toBe("今天 19:00");
    expect(dayTime(new Date(2020, 1, 13, 9, 30), at)).toBe("明天 09:30");
    expect(dayTime(new Date(2020, 1, 15, 9, 30), at)).toBe("2月15日（周六）09:30");
  });

  it("are said in English, too", () => {
    language.value = "en";
    expect(dayTime(new Date(2020, 1, 15, 9, 30), at)).toBe("Sat 15 Feb, 09:30");
    expect(dayTime(new Date(2020, 1, 11, 9, 30), at)).toBe("yesterday 09:30");
  });

  it("are whole days apart by the calendar", () => {
    expect(daysBetween(new Date(2020, 1, 11, 23, 50), new Date(2020, 1, 12, 0, 10))).toBe(1);
    expect(amount(-7 * 3600)).toBe("7小时");
  });

  it("and sizes are short", () => {
    expect([size(0), size(3_400_000), size(2e9)]).toEqual(["0 B", "3.4 MB", "2.0 GB"]);
  });
});

describe("messages", () => {
  it("count in English as English does", () => {
    language.value = "en";
    expect([t("doors.shown", { n: 1 }), t("doors.shown", { n: 2 })]).toEqual(["1 door shown", "2 doors shown"]);
  });

  it("of the server stand in for codes this version does not know", () => {
    expect(wordOf("error", "phone.unheard")).toBeNull();
    expect(troubleText({ code: "phone.unheard", message: "请联系社区。" })).toBe("请联系社区。");
    expect(troubleText({ code: "phone.unheard" })).toContain("phone.unheard");
  });
});

describe("an item of the outbox", () => {
  it("tells what was done", () => {
    expect(textOfItem(item({ kind: "visit", body: { channel: "phone", outcome: "no_answer" } as never }))).toBe("电话 · 无人应答");
    expect(textOfItem(item({ kind: "edit", body: { base: { phone: "" }, mine: { phone: "19200001234" } } as never }))).toBe("电话：（空） → 19200001234");
  });

  it("says yes or no where something was ticked", () => {
    expect(textOfItem(item({ kind: "edit", body: { base: { mobile: false }, mine: { mobile: true } } as never }))).toBe("流动人口：否 → 是");
  });

  it("names the door it was typed at, also one that was added here and is not sent yet", () => {
    const doors = new Map([["old", { label: "松涧里小区 3号楼2单元501" }]]);
    const added = item({ kind: "visit", body: { door_id: "new", new_door: { area_id: "a", place: "松涧里小区", building: "3", entrance: "2", room: "502" } } as never });
    expect([placeOf("old", doors, []), placeOf("new", doors, [added]), placeOf("gone", doors, [added]), placeOf(null, doors, [])]).toEqual([
      "松涧里小区 3号楼2单元501", "松涧里小区 3号楼2单元502", "", "",
    ]);
  });

  it("says in the phone's words that its door is still to come, and in the server's what the office thinks", () => {
    const waits = { why: "phone.waits_for_door", message: "社区已计入" };
    expect([meaningOf({ ...waits, state: "waits" }), meaningOf({ ...waits, status: "waiting" })]).toEqual(Array(2).fill(t("state_hint.waits_for_door")));
    expect(meaningOf({ ...waits, status: "applied" })).toBe("社区已计入");
  });

  it("says so where it is sealed, and stays silent about a kind it does not know", () => {
    expect(textOfItem({ ...item({}), item: undefined })).toBe(t("outbox.sealed"));
    expect(textOfItem(item({ kind: "later" as never }))).toBe("");
  });
});

describe("a person", () => {
  it("is corrected field by field, with what was there before", () => {
    const before = { ...blankPerson(), name: "苗安", needs: ["infant"] };
    expect(changed(before, { ...before, birth_year: "1950", needs: ["infant", "chronic"] })).toEqual({
      base: { birth_year: null, needs: ["infant"] }, mine: { birth_year: 1950, needs: ["chronic", "infant"] },
    });
    expect(changed(before, { ...before, needs: ["infant"] })).toBeNull();
  });

  it("needs a name, a year that can be, a number, and never an identity number", () => {
    expect(Object.keys(wrongs({ ...blankPerson(), name: " ", birth_year: "19", phone: "abc" }))).toEqual(["name", "birth_year", "phone"]);
    expect(wrongs({ ...blankPerson(), name: "苗安 110101195001010013" }).name).toBe(t("person.no_identity"));
    expect(wrongs({ ...blankPerson(), name: "苗安", birth_year: "1950", phone: "0472-5100000" })).toEqual({});
  });
});
