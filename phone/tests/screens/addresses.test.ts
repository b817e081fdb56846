/** Addresses as people say and write them: found before anything is added. */
import { describe, expect, it } from "vitest";
import { asFilter, asWritten, plainFilters, sortedAsWalked } from "../../src/screens/doorFilters";
import { fromText, knownNumbers, roundOfPlace, sameDoor } from "../../src/screens/newDoor";
import { meaningOf } from "../../src/screens/scanned";
import { buildingLabel, labelOf } from "../../src/rules/address";
import { inner } from "../../src/i18n/format";
import type { Door, DoorRow } from "../../src/store/types";

const door = (place: string, building: string, entrance: string, room: string): Door => ({ id: `${place}${building}${entrance}${room}`, v: 1, place, building, entrance, room, label: "" });
const DOORS = [door("松涧里", "3", "2", "501"), door("松涧里", "3", "2", "1001"), door("松涧里", "12", "1", "101"), door("新光三村", "2组", "", "14")];

describe("searching", () => {
  it("understands 3-2-501 as it is spoken", () => {
    expect(asWritten("3-2-501")).toBe("3号楼2单元501");
    expect(asWritten("松涧里 3－501")).toBe("松涧里 3号楼 501");
    expect(asWritten("王")).toBe("王");
  });

  it("looks through every door, whatever is left to do there", () => {
    expect(asFilter(plainFilters(), "王").show).toBe("all");
    expect(asFilter(plainFilters(), "").show).toBe("waiting");
  });

  it("walks through a building in the server's order", () => {
    const rows = [{ id: "b", label: "" }, { id: "a", label: "" }] as DoorRow[];
    const doors = new Map([["a", { ...DOORS[0]!, sort: "00001" }], ["b", { ...DOORS[0]!, sort: "00002" }]]);
    expect(sortedAsWalked(rows, doors).map((row) => row.id)).toEqual(["a", "b"]);
  });
});

describe("a door that is on no list", () => {
  it.each([
    ["松涧里 3-2-501", { place: "松涧里", building: "3", entrance: "2", room: "501" }],
    ["3号楼2单元501室", { building: "3", entrance: "2", room: "501" }],
    ["12-101", { building: "12", room: "101" }],
    ["501", { room: "501" }],
    ["王家", {}],
  ])("%s fills the form", (text, filled) => {
    expect(fromText(text, ["松涧里"])).toEqual(filled);
  });

  it("is known already, however its numbers are written", () => {
    expect(sameDoor(DOORS[0]!, { place: "松涧里", building: "3号楼", entrance: "０2", room: "501室" })).toBe(true);
    expect(sameDoor(DOORS[0]!, { place: "松涧里", building: "3", entrance: "2", room: "502" })).toBe(false);
    expect(sameDoor(DOORS[0]!, { place: "松涧里", building: "3", entrance: "2", room: " " })).toBe(false);
  });

  it("is chosen among the numbers of its place, counted as people count", () => {
    expect(knownNumbers(DOORS, { place: "松涧里", building: "3", entrance: "2", room: "" })).toEqual({ buildings: ["3", "12"], entrances: ["2"], rooms: ["501", "1001"] });
  });
});

describe("an address", () => {
  it.each([
    [["松涧里小区", "3", "2", "501"], "松涧里小区 3号楼2单元501"], [["新光三村", "2组", "", "14"], "新光三村 2组14号"],
    [["新光三村", "", "", "14"], "新光三村 14号"], [["松涧里小区", "东区A座", "", "1201"], "松涧里小区 东区A座1201"],
  ])("%j is written as people here write it", ([place, building, entrance, room], written) => {
    expect(labelOf({ place, building, entrance, room })).toBe(written);
  });

  it("of a building alone says so", () => {
    expect([buildingLabel("12"), buildingLabel("2组")]).toEqual(["12号楼", "2组"]);
  });
});

it("takes a new door into the round of its neighbours", () => {
  const inRound = (one: Door, round_id: string): Door => ({ ...one, rounds: [{ round_id, standing: "untried" }] });
  const doors = [inRound(DOORS[0]!, "a"), inRound(DOORS[1]!, "b"), inRound(DOORS[2]!, "b"), inRound(DOORS[3]!, "c")];
  expect(roundOfPlace(doors, "松涧里")).toBe("b");
  expect(roundOfPlace(doors, "别处")).toBeUndefined();
});

describe("a code", () => {
  it("is told apart from a slip", () => {
    expect(meaningOf("https://a.example/r/ABCDEFGH/")).toBe("slip");
    expect(meaningOf("https://a.example/doors/0190a000-0001-7000-8000-000000000001/")).toBe("door");
    expect(meaningOf("6901234567892")).toBe("other");
  });
});

it("shows an address without the estate that stands beside it", () => {
  expect(inner("松涧里小区 3号楼2单元501", "松涧里小区")).toBe("3号楼2单元501");
  expect(inner("松涧里小区", "松涧里小区")).toBe("松涧里小区");
});
