import { expect, test } from "vitest";

import type { Id } from "../../src/store/types";
import { FakeServer, json } from "../support/server";
import { carried, Pocket, reopened, states, visit } from "../support/pocket";
import type { Phone } from "../../src/core/phone";

const refused = (status: number, headers: Record<string, string> = {}) => json(status, { code: `http.${status}`, message: "", params: {} }, headers);

async function typed(n: number): Promise<{ server: FakeServer; pocket: Pocket; phone: Phone; ids: Id[] }> {
  const { server, pocket, phone } = await carried();
  const ids: Id[] = [];
  for (let k = 0; k < n; k += 1) ids.push(await phone.recordVisit(visit(1, { note: `第${k}次` })));
  return { server, pocket, phone, ids };
}

test("sixty items go up in growing batches, in the order of typing, each once", async () => {
  const { server, phone, ids } = await typed(60);
  await phone.syncNow();
  expect(server.arrivals).toEqual(ids);
  expect(server.pushes().map(({ items }) => items.length)).toEqual([10, 20, 30]);
});

test("a batch that never arrived, one whose answer was lost: all is sent again and stored once", async () => {
  const { server, pocket, phone, ids } = await typed(30);
  for (const trouble of ["cut", "lost", "lost"] as const) {
    server.trouble = ({ path }) => (path === "push" ? trouble : undefined);
    await phone.syncNow();
    expect(phone.status.value).toMatchObject({ waiting: 30, trouble: { code: "phone.offline" } });
  }
  server.trouble = () => undefined;
  const later = await reopened(pocket);
  await later.syncNow();
  expect([[...server.stored.keys()], later.status.value.waiting]).toEqual([ids, 0]);
  expect(server.arrivals).toHaveLength(50);
});

test("killed between the request and the answer: sent again after the restart, and shown as sent", async () => {
  const { server, pocket, phone, ids } = await typed(3);
  let kill = (): void => undefined;
  const killed = new Promise<void>((done) => (kill = done));
  server.trouble = ({ path }) => (path === "push" ? (kill(), "lost") : undefined);
  void phone.syncNow();
  await killed;
  pocket.kill();
  const later = await pocket.open();
  server.trouble = () => undefined;
  await later.unlock("204815");
  await later.syncNow();
  expect([[...server.stored.keys()], states(later)]).toEqual([ids, ["stored", "stored", "stored"]]);
});

test("one item that is too large is told apart, said, and does not block the others", async () => {
  const { server, phone, ids } = await typed(12);
  server.trouble = ({ path, items }) => (path === "push" && items.some(({ id }) => id === ids[4]) ? refused(413) : undefined);
  await phone.syncNow();
  expect([...server.stored.keys()]).toEqual(ids.filter((id) => id !== ids[4]));
  expect(phone.outbox.value.find(({ id }) => id === ids[4])).toMatchObject({ state: "too_large", why: "phone.item_too_large" });
  expect(phone.status.value).toMatchObject({ waiting: 0, attention: 1, trouble: null });
});

test.each([400, 422, 500])("one item at which the server answers %i stays and is tried again, the others go on", async (status) => {
  const { server, phone, ids } = await typed(12);
  server.trouble = ({ path, items }) => (path === "push" && items.some(({ id }) => id === ids[0]) ? refused(status) : undefined);
  await phone.syncNow();
  expect([server.stored.size, phone.status.value.waiting]).toEqual([11, 1]);
  server.trouble = () => undefined;
  await phone.syncNow();
  expect([server.stored.size, phone.status.value.waiting]).toEqual([12, 0]);
});

test.each([502, 503, 429])("an answer of %i stops the contact at once: the server is not asked item by item", async (status) => {
  const { server, phone } = await typed(12);
  server.trouble = ({ path }) => (path === "push" ? refused(status) : undefined);
  await phone.syncNow();
  expect([server.pushes().length, phone.status.value.waiting]).toEqual([1, 12]);
});

test("an item without an answer in the list is not lost and not asked about for ever", async () => {
  const { server, phone, ids } = await typed(3);
  server.judge = ({ id }) => (id === ids[1] ? { id: "somebody else's" } : undefined);
  await phone.syncNow();
  expect(server.arrivals).toEqual(ids);
  expect(states(phone)).toEqual(["stored", "sent", "stored"]);
});

test("the size that the line bore is kept for the next time, also when a contact fails", async () => {
  const { server, pocket, phone } = await typed(40);
  let pushes = 0;
  server.trouble = ({ path }) => (path !== "push" ? undefined : (pushes += 1) <= 3 ? refused(413) : "cut");
  await phone.syncNow();
  expect(server.pushes().map(({ items }) => items.length)).toEqual([10, 5, 2, 1]);
  server.trouble = () => undefined;
  const later = await reopened(pocket);
  await later.syncNow();
  expect(server.pushes().slice(4).map(({ items }) => items.length)).toEqual([1, 2, 4, 8, 16, 9]);
});

test("what is typed while a contact runs is sent soon after it", async () => {
  const { server, pocket, phone, ids } = await typed(1);
  let late: Promise<Id> | undefined;
  server.trouble = ({ path }) => {
    if (path === "pull") late ??= phone.recordVisit(visit());
    return undefined;
  };
  await phone.syncNow();
  const second = await late!;
  pocket.pass(9_000);
  await expect.poll(() => server.arrivals).toEqual([ids[0], second]);
});
