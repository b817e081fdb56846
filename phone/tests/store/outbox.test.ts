import { expect, test } from "vitest";

import type { Database } from "../../src/store/db";
import { KEEP_DONE, Outbox } from "../../src/store/outbox";
import type { Id } from "../../src/store/types";
import { Vault } from "../../src/store/vault";
import { FakeServer, LIN, WEI } from "../support/server";
import { PIN, Pocket, doorId } from "../support/pocket";

const SAFETY = { door_id: doorId(1), text: "院里有狗" };

async function made(): Promise<{ pocket: Pocket; database: Database; vault: Vault; box: Outbox; add: (text?: string, account?: Id) => Promise<Id> }> {
  const pocket = new Pocket(await FakeServer.start());
  const database = pocket.database();
  const vault = new Vault(database, 1000);
  await vault.create(PIN);
  const box = new Outbox(database, vault, () => pocket.clock);
  const add = async (text = SAFETY.text, account = LIN.id): Promise<Id> =>
    (await box.add("safety", { ...SAFETY, text }, account, pocket.server.key)).row.id;
  return { pocket, database, vault, box, add };
}

function texts(box: Outbox): (string | undefined)[] {
  return box.entries.map(({ item }) => (item?.kind === "safety" ? item.body.text : undefined));
}

test("what was typed survives a kill, in its order, readable with the PIN", async () => {
  const { pocket, add } = await made();
  for (const text of ["一", "二", "三"]) await add(text);
  const vault = new Vault(pocket.database(), 1000);
  const later = new Outbox(pocket.database(), vault, () => pocket.clock);
  await later.load();
  expect(texts(later)).toEqual([undefined, undefined, undefined]);
  await vault.unlock(PIN);
  await later.load();
  expect(texts(later)).toEqual(["一", "二", "三"]);
});

test("nothing that was typed stands on the disk in clear", async () => {
  const { pocket, add } = await made();
  await add("苗安住这里");
  const [row] = await pocket.database().outbox.toArray();
  expect(JSON.stringify(row)).not.toContain("苗安");
  expect(await pocket.server.unseal({ id: row!.id, sealed: row!.sealed, key: row!.key })).toMatchObject({ body: { text: "苗安住这里" } });
});

test("a full identity number is cut to its last four letters before it is kept anywhere", async () => {
  const { pocket, box, add } = await made();
  await add("身份证 150202195001011234");
  expect(texts(box)).toEqual(["身份证 **************1234"]);
  const [row] = await pocket.database().outbox.toArray();
  expect(await pocket.server.unseal(row!)).toMatchObject({ body: { text: "身份证 **************1234" } });
});

test("what is typed while the list is being read is not forgotten by it", async () => {
  const { pocket, database, vault, add } = await made();
  for (let n = 0; n < 60; n += 1) await add("旧");
  const later = new Outbox(database, vault, () => pocket.clock); // has all of them to read yet
  const reading = later.load();
  const { row } = await later.add("safety", SAFETY, LIN.id, pocket.server.key);
  await reading;
  expect(later.entries).toHaveLength(61);
  expect((await later.withdraw(row.id))?.row.id).toBe(row.id);
});

test("until there is an answer, what was sent is still to be sent", async () => {
  const { box, add } = await made();
  const id = await add();
  expect(await box.markSent([id])).toEqual(new Set([id]));
  await box.load();
  expect(box.unsent(LIN.id).map(({ row }) => [row.id, row.state, row.tries])).toEqual([[id, "sent", 1]]);
});

test.each([["stored", "stored"], ["already", "stored"], ["held", "held"], ["conflict", "conflict"], ["waiting", "waits"]] as const)(
  "an answer of %s settles it as %s",
  async (status, state) => {
    const { box, add } = await made();
    const id = await add();
    await box.settle([{ id, status, why: "because", message: "words" }]);
    await box.load();
    expect(box.entries.map(({ row, message }) => [row.state, row.why, message])).toEqual([[state, "because", "words"]]);
    expect(box.unsent(LIN.id)).toEqual([]);
  },
);

test("a word that this version does not know leaves it to be sent again", async () => {
  const { box, add } = await made();
  const id = await add();
  await box.settle([{ id, status: "pondered" as "stored" }]);
  expect(box.unsent(LIN.id)).toHaveLength(1);
});

test("it can be taken back until it was sent, once, and not after", async () => {
  const { box, add } = await made();
  const [one, two] = [await add(), await add()];
  expect((await box.withdraw(one))?.row.id).toBe(one);
  expect(await box.withdraw(one)).toBeUndefined();
  await box.markSent([two]);
  expect(await box.withdraw(two)).toBeUndefined();
  expect(box.entries.map(({ row }) => row.id)).toEqual([two]);
});

test("taken back and sent in the same moment: one of the two happens", async () => {
  for (let turn = 0; turn < 20; turn += 1) {
    const { box, add } = await made();
    const id = await add();
    const asked = turn % 2 ? [box.withdraw(id), box.markSent([id])] : [box.markSent([id]), box.withdraw(id)].reverse();
    const [back, going] = (await Promise.all(asked)) as [unknown, Set<Id>];
    expect(Boolean(back)).not.toBe(going.has(id));
  }
});

test("what another tab took back is not sent by this one", async () => {
  const { pocket, vault, box, add } = await made();
  const id = await add();
  const other = new Outbox(pocket.database(), vault, () => pocket.clock);
  await other.load();
  await other.withdraw(id);
  expect(await box.markSent([id])).toEqual(new Set());
});

test("on a full phone it says so and keeps nothing half; what the server has makes room first", async () => {
  const { pocket, box, add } = await made();
  const old = await add("旧");
  await box.settle([{ id: old, status: "stored" }]);
  pocket.full = true;
  await expect(add("新")).rejects.toThrow("phone.full");
  expect(await pocket.database().outbox.toArray()).toEqual([]);
  pocket.full = false;
  await add("新");
  expect(texts(box)).toContain("新");
});

test("a full phone can still send what it has, and knows what was answered", async () => {
  const { pocket, box, add } = await made();
  const [one, two] = [await add("一"), await add("二")];
  pocket.full = true;
  expect(await box.markSent([one, two])).toEqual(new Set([one, two]));
  expect(await box.withdraw(one)).toBeUndefined();
  await box.settle([{ id: one, status: "stored" }, { id: two, status: "held" }]);
  expect(box.entries.map(({ row }) => row.state)).toEqual(["stored", "held"]);
});

test("the office's list is the whole of it: what waited there and is not listed any more was stored", async () => {
  const { box, add } = await made();
  const [one, two, three, four] = [await add("一"), await add("二"), await add("三"), await add("四")];
  await box.settle([{ id: one, status: "waiting" }, { id: two, status: "waiting" }, { id: three, status: "held" }, { id: four, status: "held" }]);
  await box.told([{ id: two, kind: "safety", status: "waiting" }, { id: three, kind: "safety", status: "dismissed", message: "看过了" }], LIN.id);
  expect(box.entries.map(({ row }) => row.state)).toEqual(["stored", "waits", "dismissed", "held"]);
  expect(box.entries[2]!.message).toBe("看过了");
});

test("of two people on one phone each sees and sends their own", async () => {
  const { box, add } = await made();
  await add("林的");
  await add("魏的", WEI.id);
  expect(box.unsent(LIN.id)).toHaveLength(1);
  expect(box.counts(LIN.id)).toMatchObject({ waiting: 1, elsewhere: 1 });
});

test("what the server has is kept for two days, everything else for as long as it takes", async () => {
  const { pocket, box, add } = await made();
  const [stored, held, , large] = [await add(), await add(), await add(), await add()];
  await box.settle([{ id: stored, status: "stored" }, { id: held, status: "held" }]);
  await box.tooLarge(large);
  pocket.clock += KEEP_DONE + 1;
  await box.tidy();
  expect(box.entries.map(({ row }) => row.state)).toEqual(["held", "waiting", "too_large"]);
  expect(await pocket.database().outbox.count()).toBe(3);
});

test("what the store kept although it complained is kept once, and what it did not keep is told", async () => {
  const { database, box, add } = await made();
  const whole = database.transaction.bind(database) as (...given: unknown[]) => Promise<unknown>;
  const complain = (): never => { throw Object.assign(new Error("committed too early"), { name: "PrematureCommitError" }); };
  Object.assign(database, { transaction: async (...given: unknown[]) => (await whole(...given), complain()) });
  await add("一");
  Object.assign(database, { transaction: async () => complain() });
  await expect(add("二")).rejects.toThrow("committed too early");
  Object.assign(database, { transaction: whole });
  await add("三");
  expect(texts(box)).toEqual(["一", "三"]);
  expect(await database.outbox.count()).toBe(2);
});
