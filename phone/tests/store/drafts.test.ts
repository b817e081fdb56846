import { expect, test } from "vitest";

import { Drafts } from "../../src/store/drafts";
import { Vault } from "../../src/store/vault";
import { FakeServer } from "../support/server";
import { PIN, Pocket } from "../support/pocket";

async function made(): Promise<{ pocket: Pocket; vault: Vault; drafts: Drafts }> {
  const pocket = new Pocket(await FakeServer.start());
  const database = pocket.database();
  const vault = new Vault(database, 1000);
  await vault.create(PIN);
  return { pocket, vault, drafts: new Drafts(database, vault, () => (pocket.clock += 1)) };
}

test("a form half filled in survives a killed app", async () => {
  const { pocket, drafts } = await made();
  await drafts.put("visit:d:r", { people_now: 2 });
  const vault = new Vault(pocket.database(), 1000);
  await vault.unlock(PIN);
  expect(await new Drafts(pocket.database(), vault, () => 0).get("visit:d:r")).toEqual({ people_now: 2 });
});

test("of many changes the last one stays", async () => {
  const { drafts } = await made();
  await Promise.all(Array.from({ length: 20 }, (_, n) => drafts.put("k", n)));
  expect(await drafts.get("k")).toBe(19);
});

test("the newest comes first, and one that is done with is gone", async () => {
  const { drafts } = await made();
  for (const key of ["visit:1:r", "visit:2:r", "other"]) await drafts.put(key, key);
  expect((await drafts.list("visit:")).map(({ key }) => key)).toEqual(["visit:2:r", "visit:1:r"]);
  await drafts.remove("visit:2:r");
  expect(await drafts.list("visit:")).toHaveLength(1);
});

test("a full phone says so, keeps what it had and goes on afterwards", async () => {
  const { pocket, drafts } = await made();
  await drafts.put("k", 1);
  pocket.full = true;
  await expect(drafts.put("k", 2)).rejects.toThrow("phone.full");
  expect(await drafts.get("k")).toBe(1);
  pocket.full = false;
  await drafts.put("k", 3);
  expect(await drafts.get("k")).toBe(3);
});

test("nothing is put aside while locked", async () => {
  const { vault, drafts } = await made();
  vault.lock();
  await expect(drafts.put("k", 1)).rejects.toThrow("phone.locked");
});
