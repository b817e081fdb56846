/** What the server says of this phone, and what follows. */
import { expect, test } from "vitest";

import { FakeServer, json } from "../support/server";
import { carried, door, doorId, PIN, Pocket, reopened, states, visit } from "../support/pocket";

async function withDoor(): Promise<Awaited<ReturnType<typeof carried>>> {
  const server = await FakeServer.start();
  server.doors.set(doorId(1), door(1, { households: [{ id: "h", members: [{ id: "p", name: "苗安" }] }] }));
  return carried(server);
}

async function counts(pocket: Pocket): Promise<number[]> {
  const database = pocket.database();
  return Promise.all([database.buckets.count(), database.drafts.count(), database.outbox.count()]);
}

test.each(["device.revoked", "account.closed"])("%s: what was typed is handed over first, then everything is forgotten", async (why) => {
  const { server, pocket, phone } = await withDoor();
  for (let n = 0; n < 3; n += 1) await phone.recordVisit(visit());
  await phone.drafts.put("visit:x", 1);
  server.closed = why;
  await phone.syncNow();
  expect(server.stored.size).toBe(3);
  expect(phone.status.value).toMatchObject({ phase: "signed_out", wiped: { why }, waiting: 0, account: null });
  expect(phone.doors.value.size).toBe(0);
  expect(await counts(pocket)).toEqual([0, 0, 0]);
  expect(await pocket.database().get("vault")).toBeUndefined();
});

test("lost access while not everything could be handed over: the records go at once, what was typed as soon as it can", async () => {
  const { server, pocket, phone } = await withDoor();
  for (let n = 0; n < 2; n += 1) await phone.recordVisit(visit());
  server.closed = "device.revoked";
  server.trouble = ({ path }) => (path === "push" ? json(500, { code: "failed", message: "", params: {} }) : undefined);
  await phone.syncNow();
  expect(phone.status.value).toMatchObject({ phase: "open", wiped: { why: "device.revoked" }, waiting: 2 });
  expect(phone.doors.value.size).toBe(0);
  expect((await counts(pocket))[0]).toBe(0);
  expect((await pocket.database().outbox.toArray()).every((row) => !row.readable)).toBe(true);
  server.trouble = () => undefined;
  const later = await reopened(pocket);
  await later.syncNow();
  expect([server.stored.size, server.sealed.length]).toEqual([2, 2]);
  expect(later.status.value.phase).toBe("signed_out");
  expect(await counts(pocket)).toEqual([0, 0, 0]);
});

test("what can never be sent does not keep a revoked phone from forgetting", async () => {
  const { server, pocket, phone } = await withDoor();
  await phone.recordVisit(visit());
  server.closed = "device.revoked";
  server.trouble = ({ path }) => (path === "push" ? json(413, { code: "phone.batch_too_large", message: "", params: {} }) : undefined);
  await phone.syncNow();
  expect(phone.status.value.phase).toBe("signed_out");
  expect(await counts(pocket)).toEqual([0, 0, 1]);
});

test("the server does not know the token any more: what was typed stays, is shown, and is sent after signing in again", async () => {
  const { server, phone } = await withDoor();
  server.token = "fd_2";
  await phone.recordVisit(visit());
  await phone.syncNow();
  expect(phone.status.value).toMatchObject({ phase: "open", must_sign_in: true, waiting: 1 });
  expect(phone.doors.value.size).toBe(1);
  await phone.recordVisit(visit());
  await phone.signIn({ login: "lin", password: "x" });
  expect(phone.status.value).toMatchObject({ phase: "open", must_sign_in: false });
  await phone.syncNow();
  expect([server.stored.size, phone.status.value.waiting]).toEqual([2, 0]);
});

test("who signs in again and hears that the account is closed may not read on", async () => {
  const { server, pocket, phone } = await withDoor();
  await phone.recordVisit(visit());
  server.token = "fd_2";
  await phone.syncNow();
  server.trouble = ({ path }) => (path === "sign-in" ? json(403, { code: "phone.account_closed", message: "", params: {} }) : undefined);
  await expect(phone.signIn({ login: "lin", password: "x" })).rejects.toThrow("phone.account_closed");
  expect(phone.status.value).toMatchObject({ phase: "signed_out", wiped: { why: "account.closed" }, waiting: 1 });
  expect([phone.doors.value.size, await counts(pocket)]).toEqual([0, [0, 0, 1]]);
});

test("a version that is too old hands over what was typed and says so; after an update all is well", async () => {
  const { server, pocket, phone } = await withDoor();
  server.oldest = "9.0.0";
  await phone.recordVisit(visit());
  await phone.syncNow();
  expect(server.stored.size).toBe(1);
  expect(phone.status.value).toMatchObject({ too_old: "9.0.0", syncing: false, phase: "open" });
  expect(phone.doors.value.size).toBe(1);
  server.oldest = "";
  pocket.version = "9.0.0";
  const later = await reopened(pocket);
  await later.syncNow();
  expect(later.status.value.too_old).toBeNull();
  expect(server.pulls().at(-1)!.said.app_version).toBe("9.0.0");
});

test("a clock that is wrong by hours is measured, said, and told to the server with every push", async () => {
  const { server, pocket, phone } = await withDoor();
  pocket.clock += 3 * 3_600_000;
  await phone.recordVisit(visit());
  await phone.syncNow();
  expect(phone.status.value.clock_off).toBe(3 * 3600);
  const push = server.pushes().at(-1)!;
  expect(Date.parse(push.said.device_now) - server.now).toBe(3 * 3_600_000);
  expect(Date.parse(push.items[0]!.at)).toBe(pocket.clock);
  pocket.clock -= 3 * 3_600_000;
  await phone.syncNow();
  expect(phone.status.value.clock_off).toBe(0);
});

test("a new sealing key is used from the next item on; what was sealed to the old one is still sent", async () => {
  const { server, pocket, phone } = await withDoor();
  await phone.recordVisit(visit());
  await server.newKey("k2");
  await phone.syncNow();
  await phone.recordVisit(visit());
  expect((await pocket.database().outbox.toArray()).map((row) => row.key)).toEqual(["k1", "k2"]);
});

test("a store that the browser threw away is noticed, said, and told to the office once", async () => {
  const { server, pocket, phone } = await withDoor();
  const device = phone.status.value.device_id;
  await phone.recordVisit(visit());
  expect(pocket.marker).toEqual({ device, waiting: 1 });
  pocket.kill();
  pocket.disk = new Pocket(server).disk;
  const later = await pocket.open();
  expect(later.status.value).toMatchObject({ phase: "signed_out", evicted: { waiting: 1 }, device_id: device });
  await later.signIn({ login: "lin", password: "x" });
  await later.setPin(PIN);
  await later.syncNow();
  await later.syncNow();
  expect(server.pulls().slice(-2).map(({ said }) => said.evicted)).toEqual([true, false]);
  expect((await reopened(pocket)).status.value.evicted).toBeNull();
});

test("a first start is no eviction", async () => {
  const pocket = new Pocket(await FakeServer.start());
  expect((await pocket.open()).status.value.evicted).toBeNull();
  pocket.kill();
  expect((await pocket.open()).status.value.evicted).toBeNull();
});

test("two tabs: what is typed in one is seen and counted in the other, and sent once", async () => {
  const { server, pocket, phone } = await withDoor();
  const other = await pocket.open();
  await other.unlock(PIN);
  await phone.recordVisit(visit());
  await expect.poll(() => other.status.value.waiting).toBe(1);
  expect(other.doors.value.get(doorId(1))!.unsent).toBe(1);
  await Promise.all([phone.syncNow(), other.syncNow()]);
  await expect.poll(() => [phone.status.value.waiting, other.status.value.waiting]).toEqual([0, 0]);
  expect(server.arrivals).toHaveLength(1);
});

test("two tabs: what one tab fetched, the other shows", async () => {
  const { server, pocket, phone } = await withDoor();
  const other = await pocket.open();
  await other.unlock(PIN);
  server.doors.set(doorId(2), door(2));
  await phone.syncNow();
  await expect.poll(() => other.doors.value.size).toBe(2);
  server.doors.delete(doorId(1));
  await other.syncNow();
  await expect.poll(() => [...phone.doors.value.keys()]).toEqual([doorId(2)]);
});

test("two tabs: signed out in one, the other forgets too; signed in anew in one, the other locks", async () => {
  const { pocket, phone } = await withDoor();
  const other = await pocket.open();
  await other.unlock(PIN);
  await phone.signOut();
  await expect.poll(() => other.status.value.phase).toBe("signed_out");
  expect(other.doors.value.size).toBe(0);
  await expect(other.recordVisit(visit())).rejects.toThrow("phone.locked");
  await phone.signIn({ login: "lin", password: "x" });
  await phone.setPin("739164");
  await phone.syncNow();
  await expect(other.recordVisit(visit())).rejects.toThrow("phone.locked");
});

test("what the office decided is shown: held with the reason, then applied; waiting, then stored", async () => {
  const { server, phone } = await withDoor();
  const held = await phone.recordVisit(visit());
  await phone.recordVisit(visit());
  server.judge = ({ id }) => (id === held ? { status: "held", why: "phone.grant_ended", message: "您的职责已结束" } : { status: "waiting", why: "phone.waits_for_door" });
  await phone.syncNow();
  expect(phone.outbox.value.map(({ state, message }) => [state, message])).toEqual([["waits", undefined], ["held", "您的职责已结束"]]);
  expect(phone.status.value.attention).toBe(1);
  server.notices = [{ id: held, kind: "visit", status: "applied", message: "已处理" }];
  await phone.syncNow();
  expect(states(phone)).toEqual(["applied", "stored"]);
  expect(phone.status.value.attention).toBe(0);
});

test("a grant that ended takes its doors away and keeps what was typed there", async () => {
  const { server, phone } = await withDoor();
  server.trouble = ({ path }) => (path === "push" ? "cut" : undefined);
  await phone.recordVisit(visit());
  server.doors.clear();
  server.trouble = () => undefined;
  server.judge = () => ({ status: "held", why: "phone.grant_ended" });
  await phone.syncNow();
  expect(phone.doors.value.size).toBe(0);
  expect(phone.outbox.value).toMatchObject([{ state: "held", item: { kind: "visit" } }]);
});

test("questionnaires are fetched with the rounds and are there with no network; a page of a hotel's network is none", async () => {
  const server = await FakeServer.start();
  const form = { id: "f", version: "1", hash: "h1", title: {} };
  server.rounds = [{ id: "r", name: "第一轮", from: "2020-02-14T00:00:00Z", to: "2020-02-20T00:00:00Z", form }];
  const { phone } = await carried(server);
  server.trouble = () => "cut";
  expect(await phone.xform(form)).toBe("<h:html/>");
  await expect(phone.xform({ ...form, hash: "h2" })).rejects.toThrow("phone.form_missing");
  server.trouble = () => new Response("<html>Welcome to our hotel</html>", { headers: { "Content-Type": "text/html" } });
  await expect(phone.xform({ ...form, hash: "h2" })).rejects.toThrow("phone.form_missing");
  expect((await phone.syncNow(), phone.status.value.trouble?.code)).toBe("phone.offline");
});

test("locked in the middle of a contact: nothing is shown afterwards, and nothing is lost", async () => {
  const { server, phone } = await withDoor();
  await phone.recordVisit(visit());
  let locked = false;
  server.trouble = ({ path }) => {
    if (path === "pull" && !locked) {
      locked = true;
      phone.lock();
    }
    return undefined;
  };
  server.doors.set(doorId(2), door(2));
  await phone.syncNow();
  expect(phone.status.value).toMatchObject({ phase: "locked", syncing: false, trouble: null });
  expect([phone.doors.value.size, phone.outbox.value.some(({ item }) => item)]).toEqual([0, false]);
  await phone.unlock(PIN);
  await phone.syncNow();
  expect([phone.doors.value.size, server.arrivals.length]).toEqual([2, 1]);
});
