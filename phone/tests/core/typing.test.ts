import { expect, test } from "vitest";

import { FakeServer } from "../support/server";
import { carried, door, doorId, reopened, ROUND, states, visit } from "../support/pocket";

test("what is typed is shown at once and sent a moment later by itself", async () => {
  const server = await FakeServer.start();
  server.doors.set(doorId(1), door(1, { rounds: [{ round_id: ROUND, standing: "untried" }] }));
  const { pocket, phone } = await carried(server);
  await phone.recordVisit(visit());
  expect(phone.doors.value.get(doorId(1))).toMatchObject({ unsent: 1, rounds: [{ standing: "tried", attempts: [{ by: "you" }] }] });
  pocket.pass(9_000);
  await expect.poll(() => states(phone)).toEqual(["stored"]);
  expect(phone.doors.value.get(doorId(1))!.unsent).toBe(0);
});

test("it can be taken back for a moment, and not when it may have left", async () => {
  const { server, phone } = await carried();
  const [one, two] = [await phone.recordVisit(visit()), await phone.recordVisit(visit())];
  expect(await phone.withdraw(one)).toBe(true);
  server.trouble = ({ path }) => (path === "push" ? "lost" : undefined);
  await phone.syncNow();
  expect(await phone.withdraw(two)).toBe(false);
  expect([...server.stored.keys()]).toEqual([two]);
  expect(phone.status.value.waiting).toBe(1);
});

test("a full phone says that what was typed was not kept, until something can be kept again", async () => {
  const { pocket, phone } = await carried();
  pocket.full = true;
  await expect(phone.recordVisit(visit())).rejects.toThrow("phone.full");
  expect(phone.status.value).toMatchObject({ full: true, waiting: 0 });
  pocket.full = false;
  await phone.recordVisit(visit());
  expect(phone.status.value).toMatchObject({ full: false, waiting: 1 });
});

test("a full phone still sends what it has", async () => {
  const { server, pocket, phone } = await carried();
  for (let n = 0; n < 25; n += 1) await phone.recordVisit(visit());
  pocket.full = true;
  await phone.syncNow();
  expect([server.stored.size, server.arrivals.length]).toEqual([25, 25]);
  expect(phone.status.value.waiting).toBe(0);
  pocket.full = false;
  const later = await reopened(pocket);
  await later.syncNow();
  expect([server.stored.size, later.status.value.waiting]).toEqual([25, 0]);
});

test("a door that was on no list is there with its first visit, before and after the server has it", async () => {
  const { server, phone } = await carried();
  const found = { area_id: "a", place: "松涧里小区", room: "101" };
  const { door_id, item_id } = await phone.addDoor({ round_id: ROUND, door: found, visit: { channel: "door", source: "door", outcome: "no_answer" } });
  expect(phone.doors.value.get(door_id)).toMatchObject({ is_new: true, room: "101", unsent: 1 });
  await phone.syncNow();
  expect(server.stored.get(item_id)).toMatchObject({ kind: "visit", body: { door_id, new_door: found } });
});

test("every kind of item arrives as it was typed, in the order of typing", async () => {
  const { server, phone } = await carried();
  const ids = [
    await phone.recordVisit(visit()),
    await phone.addMember(doorId(1), null, { name: "苗小安" }),
    await phone.edit({ record: "door", record_id: doorId(1), door_id: doorId(1), base: { use: "owner" }, mine: { use: "rented" } }),
    await phone.left({ door_id: doorId(1), person_id: "p", how: "moved" }),
    await phone.addSafety(doorId(1), "院里有狗"),
    await phone.called(doorId(1), "c"),
    await phone.addOwner(doorId(1), { phone: "19200001234" }),
  ];
  await phone.syncNow();
  expect(server.arrivals).toEqual(ids);
  expect(ids.map((id) => server.stored.get(id)!.kind)).toEqual(["visit", "member", "edit", "left", "safety", "called", "owner"]);
});

test("a code that was scanned leads to its door, and to no door that is not here", async () => {
  const server = await FakeServer.start();
  server.doors.set(doorId(1), door(1));
  const { phone } = await carried(server);
  expect(phone.doorOfCode(`https://firstline.example/doors/${doorId(1).toUpperCase()}/`)).toBe(doorId(1));
  expect([phone.doorOfCode(doorId(2)), phone.doorOfCode("3-2-501")]).toEqual([undefined, undefined]);
});
