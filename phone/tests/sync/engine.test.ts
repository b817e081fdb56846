import { expect, test } from "vitest";

import { json } from "../support/server";
import { carried, door, doorId, reopened, visit } from "../support/pocket";

test("push comes before pull, so that nobody is shown what they have just changed as it was before", async () => {
  const { server, phone } = await carried();
  await phone.recordVisit(visit());
  server.asks = [];
  await phone.syncNow();
  expect(server.asks.map(({ path }) => path)).toEqual(["push", "pull"]);
});

test("with nothing to do it asks every five minutes, a failure is tried again within seconds, later ones more rarely", async () => {
  const { server, pocket, phone } = await carried();
  const asked = async (within: number): Promise<number> => {
    const before = server.asks.length;
    pocket.pass(within);
    await expect.poll(() => phone.status.value.syncing).toBe(false);
    await new Promise((done) => setTimeout(done, 5));
    return server.asks.length - before;
  };
  phone.touched();
  expect([await asked(290_000), await asked(9_000)]).toEqual([0, 0]);
  phone.touched();
  server.trouble = () => "cut";
  expect([await asked(2_000), await asked(1_000), await asked(3_000), await asked(4_000)]).toEqual([1, 0, 1, 0]);
  expect(phone.status.value.trouble?.code).toBe("phone.offline");
});

test("the network comes back, or the phone is looked at: it asks soon", async () => {
  const { server, pocket } = await carried();
  for (const wake of [() => pocket.connect(), () => pocket.look()]) {
    const before = server.pulls().length;
    wake();
    pocket.pass(2_000);
    await expect.poll(() => server.pulls().length).toBe(before + 1);
    await new Promise((done) => setTimeout(done, 10));
  }
});

test("a server that asks for patience gets it", async () => {
  const { server, pocket, phone } = await carried();
  server.trouble = () => json(503, { code: "phone.busy", message: "", params: {} }, { "Retry-After": "120" });
  await phone.syncNow();
  server.trouble = () => undefined;
  const before = server.asks.length;
  pocket.pass(119_000);
  expect(server.asks.length).toBe(before);
  phone.touched();
  pocket.pass(20_000);
  await expect.poll(() => server.asks.length).toBeGreaterThan(before);
});

test("many pages, cut in the middle: the next contact goes on where it stopped", async () => {
  const { server, pocket, phone } = await carried();
  server.page = 7;
  for (let n = 1; n <= 30; n += 1) server.doors.set(doorId(n), door(n));
  let pages = 0;
  server.trouble = ({ path }) => (path === "pull" && (pages += 1) === 3 ? "lost" : undefined);
  await phone.syncNow();
  expect([phone.doors.value.size, phone.status.value.trouble?.code]).toEqual([14, "phone.offline"]);
  server.trouble = () => undefined;
  const later = await reopened(pocket);
  expect(later.doors.value.size).toBe(14);
  await later.syncNow();
  expect(later.doors.value.size).toBe(30);
  expect(server.pulls().filter(({ said }) => said.cursor === null)).toHaveLength(1);
});

test("a server that always says there is more does not keep the phone busy for ever", async () => {
  const { server, phone } = await carried();
  const more = { cursor: "x", more: true, server_time: new Date(server.now).toISOString() };
  server.trouble = ({ path }) => (path === "pull" ? json(200, more) : undefined);
  await phone.syncNow();
  expect(server.pulls().length).toBeLessThan(2100);
}, 60_000);

test("those who ask while a contact runs wait for the same one", async () => {
  const { server, phone } = await carried();
  const before = server.pulls().length;
  await Promise.all([phone.syncNow(), phone.syncNow(), phone.syncNow()]);
  expect(server.pulls().length).toBe(before + 1);
});

test("a full phone says so and keeps asking; with room again it fetches", async () => {
  const { server, pocket, phone } = await carried();
  server.doors.set(doorId(1), door(1));
  pocket.full = true;
  await phone.syncNow();
  expect(phone.status.value).toMatchObject({ trouble: { code: "phone.full" }, syncing: false });
  pocket.full = false;
  await phone.syncNow();
  expect([phone.doors.value.size, phone.status.value.trouble]).toEqual([1, null]);
});
