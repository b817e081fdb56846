/** Sealing to the server's public key (HPKE, RFC 9180): the phone itself cannot read it again, so no PIN is needed. */

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";

import type { Item, SealedItem, SealingKey } from "./types";

const INFO = new TextEncoder().encode("firstline-outbox-v1");
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const known = new Map<string, CryptoKey>();

export async function sealItem(item: Item, key: SealingKey): Promise<SealedItem> {
  const to = { recipientPublicKey: await publicKey(key), info: INFO };
  const sender = await suite.createSenderContext(to);
  const ct = await sender.seal(new TextEncoder().encode(JSON.stringify(item)));
  return { id: item.id, sealed: base64url(new Uint8Array([...new Uint8Array(sender.enc), ...new Uint8Array(ct)])), key: key.id };
}

async function publicKey(key: SealingKey): Promise<CryptoKey> {
  const there = known.get(key.public);
  if (there) return there;
  const imported = await suite.kem.deserializePublicKey(bytesOf(key.public).buffer);
  known.set(key.public, imported);
  return imported;
}

export function base64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function bytesOf(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
