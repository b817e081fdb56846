/** Invented doors for looking at screens: nobody lives here. The same number gives the same doors. */
import type { Attempt, Door, Household, ItemNotice, Member, Round } from "../store/types";

const SURNAMES = [..."王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗苗厉斯乌"];
const GIVEN = ["建国", "秀兰", "桂英", "志强", "丽华", "小军", "玉珍", "海燕", "敏", "静", "浩然", "子涵", "梓萱", "巴特尔", "红霞"];
const RELATIONS = ["户主", "配偶", "子女", "父母", "孙辈", "租客"];
const ESTATES = ["松涧里小区", "柳溪花园", "新光三村"];
const NEEDS = ["lives_alone", "over_80", "infant", "dialysis", "chronic"];
const HOUR = 3_600_000;
export const AREA = "0190a000-0000-7000-8000-00000000a001";
export const ROUND = "0190a000-0000-7000-8000-00000000c001";

export function rounds(now: number): Round[] {
  return [{
    id: ROUND, name: "松涧里社区第二轮摸排", from: iso(now - 72 * HOUR), to: iso(now + 96 * HOUR), due_hours: 48,
    form: { id: "0190a000-0000-7000-8000-00000000f001", version: "1", hash: "welfare", title: { zh: "关爱走访", en: "Welfare check" } },
  }];
}

export function doors(count: number, now: number): Door[] {
  return Array.from({ length: count }, (_, at) => door(at, now));
}

/** One with everything: safety notes, two households, owners, signs of vacancy. */
function door(at: number, now: number): Door {
  const estate = ESTATES[Math.floor(at / 240) % 3]!;
  const village = estate.endsWith("村");
  const [building, entrance] = [String(1 + Math.floor(at / 48) % 5) + (village ? "组" : ""), village ? "" : String(1 + Math.floor(at / 12) % 4)];
  const room = village ? String(1 + (at % 48)) : `${1 + Math.floor((at % 12) / 2)}0${1 + (at % 2)}`;
  const inner = village ? `${building}${room}号` : `${building}号楼${entrance}单元${room}`;
  const attempts = attemptsOf(at, now);
  return {
    id: id(1, at), v: 1, place: estate, building, entrance, room, area_id: AREA, use: at % 9 === 5 ? "rented" : "owner", label: `${estate} ${inner}`,
    sort: `${estate}/${building.padStart(3, "0")}/${entrance}/${room.padStart(5, "0")}`, mine: at % 11 === 7 ? "supports" : "answers",
    households: at === 2 ? [household(at, 0, 3), household(at, 1, 2)] : at % 17 === 9 ? [] : [household(at, 0, 1 + (at % 4))],
    owners: at % 9 === 5 ? [{ id: id(4, at), role: "owner", name: name(at + 5), phone: phone(at + 7) }] : [],
    safety: at === 1 ? ["院里有大狗，先打电话。", "楼道灯坏了，带手电。"] : at % 40 === 30 ? ["需两人同行"] : [],
    rounds: [{ round_id: ROUND, standing: standing(at), since: iso(now - (6 - (at % 6)) * 24 * HOUR), attempts }],
    ...(at === 4 ? { review: "conflict" } : {}),
  };
}

function standing(at: number): "untried" | "tried" | "partly" | "reached" | "vacant" | "refused" | "not_dwelling" {
  return (["untried", "tried", "untried", "reached", "partly", "untried", "reached", "vacant", "untried", "refused", "reached", "not_dwelling"] as const)[at % 12]!;
}

function household(at: number, nth: number, people: number): Household {
  const members = Array.from({ length: people }, (_, one) => member(at, nth, one));
  const first = members[0]!;
  return {
    id: id(2, at * 4 + nth), declared_size: people + (at % 3 === 0 ? 1 : 0), known: people, unnamed: at % 3 === 0 ? 1 : 0, members,
    note: at === 1 ? "老人听力不好，敲门要久一点。" : "",
    contacts: [{ id: id(3, at * 4 + nth), role: "resident", name: first.name, phone: phone(at), person_id: first.id }],
  };
}

function member(at: number, nth: number, one: number): Member {
  return {
    id: id(5, (at * 4 + nth) * 8 + one), name: one ? name(at * 3 + one * 7 + nth) : name(at + nth), relation: RELATIONS[one % 6], birth_year: 1938 + ((at * 13 + one * 27) % 80),
    presence: one === 2 && at % 2 === 1 ? "away" : "here", presence_note: one === 2 && at % 2 === 1 ? "呼和浩特" : "", needs: one === 0 && at % 5 === 1 ? [NEEDS[at % 4]!, "chronic"] : [], mobile: one === 3,
  };
}

function attemptsOf(at: number, now: number): Attempt[] {
  if (standing(at) === "untried") return [];
  const before = { id: id(6, at), at: iso(now - 30 * HOUR - at * 60_000), channel: "phone", source: "phone", outcome: "no_answer", by: "松涧里第一网格" } as const;
  const last = { id: id(7, at), at: iso(now - 5 * HOUR), channel: "door", source: "door", by: "you" } as const;
  if (standing(at) === "tried") return [before, { ...last, outcome: "not_now", appointment_at: iso(now + (at % 24 === 1 ? 3 : 26) * HOUR), note: "白天上班，晚上七点后在家。" }];
  if (standing(at) === "vacant") return [{ ...before, outcome: "vacant", channel: "meter", source: "meter" }, { ...last, outcome: "vacant" }];
  if (standing(at) === "refused") return [before, { ...last, outcome: "refused", note: "不愿意开门，说已经报过。" }];
  if (standing(at) === "not_dwelling") return [{ ...last, outcome: "not_dwelling" }];
  return [before, { ...last, outcome: "answered", seen: [id(5, at * 32)] }];
}

export function notices(now: number): ItemNotice[] {
  return [
    { id: id(8, 1), kind: "visit", status: "held", why: "visit.door_not_yours", message: "走访当时这一户不由您负责。内容已保留，等社区处理。", door_id: id(1, 3) },
    { id: id(8, 2), kind: "edit", status: "conflict", message: "“电话”在您修改的同时被社区改过。两个号码都已保留，由社区核定。", door_id: id(1, 5) },
    { id: id(8, 3), kind: "visit", status: "applied", message: "社区已核实并计入。", door_id: id(1, 8), decided_at: iso(now - 20 * HOUR) },
  ];
}

export function id(kind: number, at: number): string {
  return `0190a000-000${kind}-7000-8000-${String(at).padStart(12, "0")}`;
}

function name(at: number): string {
  return SURNAMES[at % SURNAMES.length]! + GIVEN[(at * 5) % GIVEN.length]!;
}

function phone(at: number): string {
  return `1920000${String(1000 + at).slice(-4)}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
