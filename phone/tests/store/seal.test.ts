/** What is sealed here opens there: the same cases as the server's. */
import { readFileSync } from "node:fs";

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { expect, test } from "vitest";

import { base64url, bytesOf, sealItem } from "../../src/store/seal";
import type { Item, SealingKey } from "../../src/store/types";

interface Case { name: string; sealed: string; id: string; opens: boolean; item?: Item }
interface Vectors { info: string; key: SealingKey & { private_hex: string }; cases: Case[] }
const vectors = JSON.parse(readFileSync(new URL("../../../vectors/sealed.json", import.meta.url), "utf8")) as Vectors;
const { key, cases } = vectors;
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** As the server does it: the item inside, under the id outside. */
async function opened(sealed: string, id: string): Promise<Item> {
  if (/[^A-Za-z0-9_-]/.test(sealed)) throw new Error("not ours");
  const bytes = bytesOf(sealed);
  const scalar = Uint8Array.from(Buffer.from(key.private_hex, "hex"));
  const recipientKey = await suite.kem.deserializePrivateKey(scalar.buffer);
  const reader = await suite.createRecipientContext({ recipientKey, enc: bytes.slice(0, 65).buffer, info: new TextEncoder().encode(vectors.info) });
  const item = JSON.parse(new TextDecoder().decode(await reader.open(bytes.slice(65).buffer))) as Item;
  if (item.id !== id) throw new Error("another item");
  return item;
}

test.each(cases.filter(({ opens }) => opens))("$name: opens", async ({ sealed, id, item }) => {
  expect(await opened(sealed, id)).toEqual(item);
});

test.each(cases.filter(({ opens }) => !opens))("$name: does not open", async ({ sealed, id }) => {
  await expect(opened(sealed, id)).rejects.toThrow();
});

test("what this phone seals opens under its own id and no other", async () => {
  const item: Item = { id: "01900000-0000-7000-8000-00000000000b", kind: "safety", at: "2020-02-14T09:30:00.000Z", body: { door_id: "d", text: "院里有狗🐕" } };
  const sealed = await sealItem(item, key);
  expect([sealed.id, sealed.key]).toEqual([item.id, key.id]);
  expect(await opened(sealed.sealed, item.id)).toEqual(item);
  await expect(opened(sealed.sealed, "another")).rejects.toThrow();
  expect((await sealItem(item, key)).sealed).not.toBe(sealed.sealed);
});

test("the id of a key is the mark of its public half", async () => {
  const mark = Buffer.from(await crypto.subtle.digest("SHA-256", bytesOf(key.public))).toString("hex");
  expect(mark.slice(0, 16)).toBe(key.id);
  expect(base64url(bytesOf(key.public))).toBe(key.public);
});
