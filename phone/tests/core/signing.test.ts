import { expect, test } from "vitest";

import { FakeServer, json, LIN, WEI } from "../support/server";
import { carried, door, doorId, PIN, Pocket, reopened, states, visit } from "../support/pocket";

const WRONG = "111112";

test("signed in, a PIN set: the doors are there, also after a restart and with no network", async () => {
  const server = await FakeServer.start();
  server.doors.set(doorId(1), door(1));
  const { pocket, phone } = await carried(server);
  expect(phone.status.value).toMatchObject({ phase: "open", account: LIN, trouble: null });
  expect([...phone.doors.value.keys()]).toEqual([doorId(1)]);
  server.trouble = () => "cut";
  const later = await reopened(pocket);
  expect([...later.doors.value.keys()]).toEqual([doorId(1)]);
  await later.syncNow();
  expect(later.status.value.trouble?.code).toBe("phone.offline");
});

test("a locked phone shows nothing and says how much waits", async () => {
  const { pocket, phone } = await carried();
  await phone.recordVisit(visit());
  phone.lock();
  expect(phone.status.value).toMatchObject({ phase: "locked", waiting: 1 });
  expect([phone.doors.value.size, phone.outbox.value.every(({ item }) => !item)]).toEqual([0, true]);
  pocket.kill();
  expect((await pocket.open()).status.value).toMatchObject({ phase: "locked", waiting: 1 });
});

test("it locks by itself when nobody touches it, also when it slept meanwhile or its clock was set back", async () => {
  for (const sleep of [
    (pocket: Pocket) => pocket.pass(5 * 60_000 + 1),
    (pocket: Pocket) => (pocket.clock += 3_600_000, pocket.look()),
    (pocket: Pocket) => (pocket.clock -= 3_600_000, pocket.look()),
  ]) {
    const { pocket, phone } = await carried();
    pocket.pass(4 * 60_000);
    expect(phone.status.value.phase).toBe("open");
    phone.touched();
    sleep(pocket);
    expect(phone.status.value.phase).toBe("locked");
  }
});

test("five wrong PINs wipe what is known and leave what was typed, sealed: it is sent after the next sign-in", async () => {
  const server = await FakeServer.start();
  server.doors.set(doorId(1), door(1));
  const { pocket, phone } = await carried(server);
  const id = await phone.recordVisit(visit(1, { note: "下午在家" }));
  await phone.drafts.put("visit:x", { half: 1 });
  const later = ((pocket.kill()), await pocket.open());
  for (let left = 4; left > 0; left -= 1) {
    await expect(later.unlock(WRONG)).rejects.toMatchObject({ code: "pin.wrong", params: { left } });
    expect(later.status.value.tries_left).toBe(left);
  }
  await expect(later.unlock(WRONG)).rejects.toThrow("pin.wiped");
  expect(later.status.value).toMatchObject({ phase: "signed_out", wiped: { why: "pin" }, waiting: 1 });
  const database = pocket.database();
  expect([await database.buckets.count(), await database.drafts.count(), await database.get("vault"), await database.get("who")]).toEqual([0, 0, undefined, undefined]);
  expect((await database.outbox.toArray()).map((row) => row.readable)).toEqual([undefined]);
  await later.signIn({ login: "lin", password: "x" });
  await later.setPin("739164");
  await later.syncNow();
  expect(server.sealed).toEqual([id]);
  expect(server.stored.get(id)).toMatchObject({ kind: "visit", body: { note: "下午在家" } });
  expect(later.status.value).toMatchObject({ waiting: 0, wiped: null, phase: "open" });
});

test("switched off after the fifth wrong PIN, before the wipe: it is wiped at the next start", async () => {
  const { pocket } = await carried();
  await pocket.database().put("wrong", 5);
  pocket.kill();
  expect((await pocket.open()).status.value).toMatchObject({ phase: "signed_out", wiped: { why: "pin" } });
  expect(await pocket.database().buckets.count()).toBe(0);
});

test("wrong PINs count when the PIN is being changed, too", async () => {
  const { phone } = await carried();
  for (let n = 0; n < 4; n += 1) await expect(phone.changePin(WRONG, "739164")).rejects.toThrow("pin.wrong");
  await expect(phone.changePin(WRONG, "739164")).rejects.toThrow("pin.wiped");
  expect(phone.status.value.phase).toBe("signed_out");
});

test("the PIN is changed: the new one opens", async () => {
  const { pocket, phone } = await carried();
  await phone.recordVisit(visit());
  await phone.changePin(PIN, "739164");
  pocket.kill();
  const later = await pocket.open();
  await later.unlock("739164");
  expect(later.outbox.value[0]?.item?.kind).toBe("visit");
});

test("a password alone opens nothing: whoever forgot the PIN signs in and starts afresh, and loses nothing typed", async () => {
  const { server, pocket, phone } = await carried();
  await phone.recordVisit(visit());
  const later = ((pocket.kill()), await pocket.open());
  await later.signIn({ login: "lin", password: "x" });
  expect(later.status.value.phase).toBe("no_pin");
  expect(await pocket.database().get("vault")).toBeUndefined();
  await later.setPin("739164");
  await later.syncNow();
  expect(server.stored.size).toBe(1);
});

test("signing out sends what waits first, and is refused where it cannot", async () => {
  const { server, pocket, phone } = await carried();
  await phone.recordVisit(visit());
  server.trouble = () => "cut";
  await expect(phone.signOut()).rejects.toMatchObject({ code: "phone.waiting", params: { left: 1 } });
  expect(phone.status.value.phase).toBe("open");
  server.trouble = () => undefined;
  await phone.signOut();
  expect([server.stored.size, phone.status.value.phase, server.asks.at(-1)!.path]).toEqual([1, "signed_out", "sign-out"]);
  expect(await pocket.database().buckets.count()).toBe(0);
  expect(pocket.marker).toBeNull();
});

test("another person on the same phone: the first one's doors are gone, what they typed waits for them", async () => {
  const server = await FakeServer.start();
  const { phone } = await carried(server);
  await phone.recordVisit(visit());
  server.trouble = ({ path }) => (path === "push" ? "cut" : undefined);
  await phone.signOut({ leave: true });
  server.trouble = () => undefined;
  server.account = WEI;
  await phone.signIn({ login: "wei", password: "x" });
  await phone.setPin("739164");
  await phone.syncNow();
  expect(phone.status.value).toMatchObject({ account: WEI, waiting: 0, elsewhere: 1 });
  expect([server.stored.size, phone.outbox.value[0]?.mine]).toEqual([0, false]);
  await phone.signOut();
  server.account = LIN;
  await phone.signIn({ login: "lin", password: "x" });
  await phone.setPin(PIN);
  await phone.syncNow();
  expect([server.stored.size, phone.status.value.waiting]).toEqual([1, 0]);
});

test("a phone that is registered for somebody else comes back under a new id", async () => {
  const server = await FakeServer.start();
  const phone = await new Pocket(server).open();
  const first = phone.status.value.device_id;
  server.takenDevices.add(first);
  await phone.signIn({ login: "lin", password: "x" });
  expect(phone.status.value.device_id).not.toBe(first);
  expect(phone.status.value.phase).toBe("no_pin");
});

test.each([[401, "phone.sign_in_wrong", "phone.sign_in_wrong"], [401, "phone.code_needed", "phone.code_needed"], [429, "phone.too_many", "phone.throttled"], [0, "", "phone.offline"]])(
  "a sign-in that is answered %i %s says %s",
  async (status, code, told) => {
    const server = await FakeServer.start();
    server.trouble = () => (status ? json(status, { code, message: "", params: {} }) : "cut");
    const phone = await new Pocket(server).open();
    await expect(phone.signIn({ login: "lin", password: "x" })).rejects.toMatchObject({ code: told });
    expect(phone.status.value.phase).toBe("signed_out");
  },
);

test("killed between signing in and the PIN: one signs in again, nothing is half open", async () => {
  const server = await FakeServer.start();
  const pocket = new Pocket(server);
  await (await pocket.open()).signIn({ login: "lin", password: "x" });
  pocket.kill();
  const later = await pocket.open();
  expect(later.status.value.phase).toBe("signed_out");
  await expect(later.setPin(PIN)).rejects.toThrow("phone.sign_in_first");
});

test("without encryption or a store it says so and does nothing", async () => {
  const pocket = new Pocket(await FakeServer.start());
  const { Phone } = await import("../../src/core/phone");
  const phone = new Phone({ ...pocket.platform(), usable: false });
  await phone.start();
  expect(phone.status.value.phase).toBe("unusable");
});

test("what is typed after the lock is refused, and a lock in the middle of typing keeps nothing half", async () => {
  const { phone } = await carried();
  const typing = phone.recordVisit(visit());
  phone.lock();
  await expect(typing).rejects.toThrow("phone.locked");
  await expect(phone.recordVisit(visit())).rejects.toThrow("phone.locked");
  await phone.unlock(PIN);
  expect(states(phone)).toEqual([]);
});
