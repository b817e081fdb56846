/** A phone without a screen, in Node: what stays when it is switched off, and the app that runs on it. */

import { IDBFactory, IDBKeyRange } from "fake-indexeddb";

import { Phone } from "../src/core/phone";
import type { Marker, Platform } from "../src/core/platform";
import { Database } from "../src/store/db";
import type { Fetch } from "../src/sync/api";

export const PIN = "204815";
const ROUNDS = 1000; // of the PIN: what is tried here is not how hard it is to guess

const IDLE = 12 * 3_600_000; // somebody looks at it all the while: a phone that has locked itself sends nothing

export interface Owner { login: string; password: string; ahead: number } // `ahead`: milliseconds its clock is off

export class Pocket {
  app: Phone | null = null;
  readonly disk = new IDBFactory();
  #marker: Marker | null = null;
  #life = 0; // which start of the app this is
  #busy = false;
  #database: Database | null = null;
  death: Promise<void> = Promise.resolve(); // of the app that runs
  #die: () => void = () => undefined;

  constructor(readonly owner: Owner, readonly origin: string, readonly network: (pocket: Pocket) => Fetch, readonly random: () => number) {}

  now(): number {
    return Date.now() + this.owner.ahead;
  }

  #starting: Promise<Phone> | null = null;

  start(): Promise<Phone> {
    this.#starting ??= this.#start().finally(() => (this.#starting = null));
    return this.#starting;
  }

  async #start(): Promise<Phone> {
    this.#life += 1;
    this.death = new Promise((die) => (this.#die = die));
    this.#database = new Database("firstline", { indexedDB: this.disk, IDBKeyRange });
    const app = new Phone(this.#platform(this.#life, this.#database));
    await app.start();
    return (this.app = app);
  }

  /** The system takes the app away, whatever it is doing: its requests are never answered, its store is closed. */
  kill(): void {
    this.#life += 1;
    this.#busy = false;
    this.app = null;
    this.#database?.close();
    this.#die();
  }

  /** Another look at the same disk. */
  async look<T>(ask: (database: Database) => Promise<T>): Promise<T> {
    const database = new Database("firstline", { indexedDB: this.disk, IDBKeyRange });
    return ask(database).finally(() => database.close());
  }

  #platform(life: number, database: Database): Platform {
    const lives = (): boolean => this.#life === life;
    const fetching = this.network(this);
    return {
      database, origin: this.origin, now: () => this.now(), random: this.random,
      fetch: (url, init) => (lives() ? fetching(url, init).finally(() => (lives() ? undefined : forever())) : forever()),
      later: (milliseconds, work) => {
        const timer = setTimeout(() => lives() && work(), milliseconds);
        return () => clearTimeout(timer);
      },
      alone: async (work) => {
        if (this.#busy || !lives()) return false;
        this.#busy = true;
        await work().finally(() => (lives() ? (this.#busy = false) : forever()));
        return true;
      },
      tabs: { tell: () => undefined, hear: () => undefined },
      marker: { read: () => this.#marker, write: (marker) => (lives() ? void (this.#marker = marker) : undefined) },
      storage: async () => ({ used: 1, quota: 100, persisted: true }), persist: async () => undefined,
      isOnline: () => true, onOnline: () => undefined, onVisible: () => undefined, label: this.owner.login, name: "Node",
      version: "9.0.0", language: { read: () => "en", write: () => undefined }, onlineOnly: false, usable: true, pinRounds: ROUNDS,
      idle: IDLE,
    };
  }
}

export function forever(): Promise<never> {
  return new Promise(() => undefined);
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
