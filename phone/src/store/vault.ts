/**
 * The vault: a random key encrypts what is kept about people; the PIN wraps that key. See docs/phone-threats.md.
 *
 * The data key lies in memory only, cannot be exported, and goes when the vault locks. On disk it is wrapped twice: by a
 * key that this browser keeps and does not give out, and by one derived from the PIN.
 */

import { Refused } from "../app";
import { isFull, type Database } from "./db";
import type { Sealed } from "./types";

export const TRIES = 5;
export const PIN_LENGTH = 6;
const ROUNDS = 600_000; // PBKDF2-SHA256, as OWASP has it

interface Lock {
  id: string;
  salt: Uint8Array<ArrayBuffer>;
  rounds: number;
  device: CryptoKey; // not extractable: kept by the browser as an object, never as bytes of ours
  wrapped: Sealed;
}

const text = new TextEncoder();
const plain = new TextDecoder();

export class Vault {
  #key: CryptoKey | null = null;
  #id = "";

  constructor(private readonly db: Database, private readonly rounds: number = ROUNDS) {}

  get isOpen(): boolean {
    return this.#key !== null;
  }

  /** Which vault this is: what another tab wiped and made anew must not be written into with the old key. */
  get id(): string {
    return this.#id;
  }

  async exists(): Promise<boolean> {
    return (await this.db.get<Lock>("vault")) !== undefined;
  }

  async create(pin: string): Promise<void> {
    checkPin(pin);
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const lock = await this.#lockFor(pin, raw);
    this.#key = await dataKey(raw);
    this.#id = lock.id;
    await this.db.transaction("rw", this.db.meta, async () => {
      await this.db.put("vault", lock);
      await this.db.put("wrong", 0);
    });
  }

  async unlock(pin: string): Promise<void> {
    const { lock, raw } = await this.#opened(pin);
    this.#key = await dataKey(raw);
    this.#id = lock.id;
    await this.#count(() => 0);
  }

  async change(old: string, pin: string): Promise<void> {
    checkPin(pin);
    const { lock, raw } = await this.#opened(old);
    const renewed = { ...(await this.#lockFor(pin, raw)), id: lock.id };
    await this.db.transaction("rw", this.db.meta, async () => {
      await this.db.put("vault", renewed);
      await this.db.put("wrong", 0);
    });
  }

  /** The try is counted before it is made, and none is made after the last: switching the phone off gains nothing. */
  async #opened(pin: string): Promise<{ lock: Lock; raw: Uint8Array<ArrayBuffer> }> {
    const lock = await this.db.get<Lock>("vault");
    if (!lock) throw new Refused("pin.none");
    const tries = await this.#count((before) => before + 1);
    const raw = tries > TRIES ? null : await unwrap(lock, pin);
    if (raw) return { lock, raw };
    throw tries >= TRIES ? new Refused("pin.wiped") : new Refused("pin.wrong", { left: TRIES - tries });
  }

  lock(): void {
    this.#key = null;
  }

  async triesLeft(): Promise<number> {
    return TRIES - ((await this.db.get<number>("wrong")) ?? 0);
  }

  async seal(value: unknown): Promise<Sealed> {
    return encrypt(this.#open(), text.encode(JSON.stringify(value)));
  }

  async read<T>(sealed: Sealed): Promise<T> {
    return JSON.parse(plain.decode(await decrypt(this.#open(), sealed))) as T;
  }

  /** Inside a write's transaction: throws when the vault this tab opened is no longer the one on disk. */
  async mustBeMine(): Promise<void> {
    if (!(await this.isMine())) throw new Refused("phone.locked");
  }

  /** False: another tab wiped it, and perhaps made another. */
  async isMine(): Promise<boolean> {
    return this.#key !== null && (await this.db.get<Lock>("vault"))?.id === this.#id;
  }

  #open(): CryptoKey {
    if (!this.#key) throw new Refused("phone.locked");
    return this.#key;
  }

  /** On a full phone questionnaires make room: who cannot unlock it can never send what fills it. */
  async #count(next: (before: number) => number): Promise<number> {
    const write = (): Promise<number> =>
      this.db.transaction("rw", this.db.meta, async () => {
        const wrong = next((await this.db.get<number>("wrong")) ?? 0);
        await this.db.put("wrong", wrong);
        return wrong;
      });
    try {
      return await write();
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.db.forms.clear();
      return write().catch((again: unknown) => {
        throw isFull(again) ? new Refused("phone.full") : again;
      });
    }
  }

  async #lockFor(pin: string, raw: Uint8Array<ArrayBuffer>): Promise<Lock> {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const device = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const inner = await encrypt(device, raw);
    const packed = new Uint8Array([...inner.iv, ...new Uint8Array(inner.ct)]);
    const wrapped = await encrypt(await pinKey(pin, salt, this.rounds), packed);
    return { id: crypto.randomUUID(), salt, rounds: this.rounds, device, wrapped };
  }
}

/** Six digits or more, and none of those that are tried first. */
export function checkPin(pin: string): void {
  if (!/^\d+$/.test(pin) || pin.length < PIN_LENGTH) throw new Refused("pin.too_short", { length: PIN_LENGTH });
  const steps = new Set([...pin].slice(1).map((digit, place) => Number(digit) - Number(pin[place])));
  const halves = /^(\d{1,3})\1+$/.test(pin);
  if (halves || (steps.size === 1 && [-1, 0, 1].includes([...steps][0]!))) throw new Refused("pin.too_simple");
}

async function unwrap(lock: Lock, pin: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const packed = new Uint8Array(await decrypt(await pinKey(pin, lock.salt, lock.rounds), lock.wrapped));
    return new Uint8Array(await decrypt(lock.device, { iv: packed.slice(0, 12), ct: packed.slice(12).buffer }));
  } catch {
    return null; // AES-GCM knows a wrong key by its tag
  }
}

async function pinKey(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function dataKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  return key;
}

async function encrypt(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, ct: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, bytes) };
}

function decrypt(key: CryptoKey, { iv, ct }: Sealed): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, ct);
}
