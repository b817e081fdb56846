import { expect, test } from "vitest";

import { Vault, checkPin, TRIES } from "../../src/store/vault";
import { FakeServer } from "../support/server";
import { PIN, Pocket } from "../support/pocket";

const ROUNDS = 1000;

async function made(): Promise<{ pocket: Pocket; vault: Vault }> {
  const pocket = new Pocket(await FakeServer.start());
  const vault = new Vault(pocket.database(), ROUNDS);
  await vault.create(PIN);
  return { pocket, vault };
}

test("what was sealed is read again after a restart, with the PIN and not without", async () => {
  const { pocket, vault } = await made();
  const sealed = await vault.seal({ name: "苗安" });
  const later = new Vault(pocket.database(), ROUNDS);
  await expect(later.read(sealed)).rejects.toThrow("phone.locked");
  await later.unlock(PIN);
  expect(await later.read(sealed)).toEqual({ name: "苗安" });
});

test("nothing of the PIN or of the key lies on the disk in clear", async () => {
  const { pocket } = await made();
  const lock = (await pocket.database().get<{ device: CryptoKey }>("vault"))!;
  expect(lock.device.extractable).toBe(false);
  await expect(crypto.subtle.exportKey("raw", lock.device)).rejects.toThrow();
});

test("four wrong PINs and then the right one: it opens, and the count begins anew", async () => {
  const { vault } = await made();
  for (let left = TRIES - 1; left > 0; left -= 1) {
    await expect(vault.unlock("111112")).rejects.toMatchObject({ code: "pin.wrong", params: { left } });
  }
  await vault.unlock(PIN);
  expect(await vault.triesLeft()).toBe(TRIES);
});

test("the fifth wrong one says that it has to be wiped, and after it not even the right one opens", async () => {
  const { pocket, vault } = await made();
  for (let n = 1; n < TRIES; n += 1) await vault.unlock("111112").catch(() => undefined);
  await expect(vault.unlock("111112")).rejects.toThrow("pin.wiped");
  const switchedOffBeforeTheWipe = new Vault(pocket.database(), ROUNDS);
  await expect(switchedOffBeforeTheWipe.unlock(PIN)).rejects.toThrow("pin.wiped");
  await expect(switchedOffBeforeTheWipe.change(PIN, "739164")).rejects.toThrow("pin.wiped");
});

test("many tries at once are as many tries as one after another", async () => {
  const { vault } = await made();
  const tries = await Promise.allSettled(Array.from({ length: 12 }, () => vault.unlock("111112")));
  const codes = tries.map((one) => (one.status === "rejected" ? (one.reason as { code: string }).code : "open"));
  expect(codes.filter((code) => code === "pin.wrong")).toHaveLength(TRIES - 1);
  await expect(vault.unlock(PIN)).rejects.toThrow("pin.wiped");
});

test("a full phone says that it is full, and a try that could not be counted is not made", async () => {
  const { pocket, vault } = await made();
  pocket.full = true;
  await expect(vault.unlock(PIN)).rejects.toThrow("phone.full");
  pocket.full = false;
  await vault.unlock(PIN);
});

test("questionnaires make room on a full phone: it opens", async () => {
  const { pocket, vault } = await made();
  await pocket.database().forms.put({ hash: "h", id: "f", version: "1", xform: "<h:html/>", used: 0 });
  pocket.room = 1;
  await vault.unlock(PIN);
  expect(await pocket.database().forms.count()).toBe(0);
});

test("another PIN opens the same store; the old one does not any more", async () => {
  const { pocket, vault } = await made();
  const sealed = await vault.seal("苗安");
  await vault.change(PIN, "739164");
  const later = new Vault(pocket.database(), ROUNDS);
  await expect(later.unlock(PIN)).rejects.toThrow("pin.wrong");
  await later.unlock("739164");
  expect(await later.read(sealed)).toBe("苗安");
});

test("what another tab wiped and made anew is not written into with the old key", async () => {
  const { pocket, vault } = await made();
  expect(await vault.isMine()).toBe(true);
  await new Vault(pocket.database(), ROUNDS).create("739164");
  expect(await vault.isMine()).toBe(false);
  await expect(vault.mustBeMine()).rejects.toThrow("phone.locked");
});

test.each([["20481", "pin.too_short"], ["2048a5", "pin.too_short"], ["111111", "pin.too_simple"], ["123456", "pin.too_simple"],
  ["987654", "pin.too_simple"], ["121212", "pin.too_simple"], ["123123", "pin.too_simple"]])("%s is no PIN", (pin, code) => {
  expect(() => checkPin(pin)).toThrow(code);
});
