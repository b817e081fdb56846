import { expect, test } from "vitest";

import { Doors } from "../../src/store/doors";
import type { PullAnswer } from "../../src/store/types";
import { Vault } from "../../src/store/vault";
import { FakeServer } from "../support/server";
import { PIN, Pocket, door, doorId } from "../support/pocket";

async function made(): Promise<{ pocket: Pocket; vault: Vault; doors: Doors }> {
  const pocket = new Pocket(await FakeServer.start());
  const database = pocket.database();
  const vault = new Vault(database, 1000);
  await vault.create(PIN);
  const doors = new Doors(database, vault);
  await doors.load();
  return { pocket, vault, doors };
}

function page(cursor: string, more: Partial<PullAnswer> = {}): PullAnswer {
  return { cursor, server_time: "2020-02-14T08:00:00Z", ...more };
}

/** Another tab. */
async function onDisk({ pocket }: { pocket: Pocket }): Promise<Doors> {
  const database = pocket.database();
  const vault = new Vault(database, 1000);
  await vault.unlock(PIN);
  const read = new Doors(database, vault);
  await read.load();
  return read;
}

test("a page is kept with its cursor: new, changed and gone doors", async () => {
  const there = await made();
  await there.doors.apply(page("c1", { reset: true, doors: [1, 2, 3].map((n) => door(n)) }));
  const changed = await there.doors.apply(page("c2", { doors: [door(2, { label: "二" })], gone: [doorId(3), doorId(99)] }));
  expect(changed).toEqual(new Set([doorId(2), doorId(3)]));
  const kept = await onDisk(there);
  expect([kept.cursor, [...kept.all.keys()].sort()]).toEqual(["c2", [doorId(1), doorId(2)]]);
  expect(kept.all.get(doorId(2))!.label).toBe("二");
});

test("a reset replaces everything that was there", async () => {
  const there = await made();
  await there.doors.apply(page("c1", { reset: true, doors: [1, 2, 3].map((n) => door(n)) }));
  const changed = await there.doors.apply(page("c2", { reset: true, doors: [door(4)] }));
  expect(changed).toEqual(new Set([1, 2, 3, 4].map(doorId)));
  expect([...(await onDisk(there)).all.keys()]).toEqual([doorId(4)]);
});

test("a full phone keeps the page before, whole", async () => {
  const there = await made();
  await there.doors.apply(page("c1", { reset: true, doors: [door(1)] }));
  there.pocket.full = true;
  await expect(there.doors.apply(page("c2", { doors: [door(2)], gone: [doorId(1)] }))).rejects.toThrow("phone.full");
  there.pocket.full = false;
  for (const doors of [there.doors, await onDisk(there)]) expect([doors.cursor, [...doors.all.keys()]]).toEqual(["c1", [doorId(1)]]);
});

test("of two tabs, the one that did not read what the other wrote writes nothing", async () => {
  const there = await made();
  const other = await onDisk(there);
  await there.doors.apply(page("c1", { reset: true, doors: [door(1)] }));
  await expect(other.apply(page("x1", { reset: true, doors: [door(9)] }))).rejects.toThrow("phone.other_tab");
  await other.load();
  expect([...other.all.keys()]).toEqual([doorId(1)]);
  await other.apply(page("c2", { doors: [door(2)] }));
  await there.doors.load();
  expect(there.doors.all.size).toBe(2);
});

test("what is locked while a page is being written shows nothing, and finds the page again", async () => {
  const there = await made();
  const { doors, vault } = there;
  const writing = doors.apply(page("c1", { reset: true, doors: [door(1)] }));
  doors.forget();
  await writing.catch(() => undefined);
  expect(doors.all.size).toBe(0);
  vault.lock();
  await expect(doors.apply(page("c2", { doors: [door(2)] }))).rejects.toThrow("phone.locked");
  await vault.unlock(PIN);
  await doors.load();
  expect([...doors.all.keys()]).toEqual([doorId(1)]);
});

test("no name stands on the disk in clear", async () => {
  const there = await made();
  const households = [{ id: "h", members: [{ id: "p", name: "苗安" }] }];
  await there.doors.apply(page("c1", { reset: true, doors: [door(1, { households })], posts: [{ id: "p", name: "松涧里网格员" }] }));
  const rows = [...(await there.pocket.database().buckets.toArray()), ...(await there.pocket.database().meta.toArray())];
  const plain = rows.map((row) => JSON.stringify(row)).join() + rows.map((row) => String(Buffer.from((row as { data?: { ct: ArrayBuffer } }).data?.ct ?? new ArrayBuffer(0)))).join();
  expect(plain).not.toMatch(/苗安|松涧里/);
});

test("the list of what the office decides replaces the one before", async () => {
  const there = await made();
  await there.doors.apply(page("c1", { reset: true, notices: [{ id: "a", kind: "visit", status: "held" }] }));
  await there.doors.apply(page("c2", { notices: [] }));
  expect((await onDisk(there)).head.notices).toEqual([]);
});
