/** What stays when the app is killed: the disk, the marker beside it, the clock. Opens the app as often as one likes. */

import Dexie, { type DBCore } from "dexie";
import { IDBFactory, IDBKeyRange } from "fake-indexeddb";

import { Phone } from "../../src/core/phone";
import type { Marker, Platform, TabNews } from "../../src/core/platform";
import { Database } from "../../src/store/db";
import type { Door, Id, VisitBody } from "../../src/store/types";
import { FakeServer } from "./server";

export const PIN = "204815";
export const ROUND = "c0000000-0000-7000-8000-000000000001";
const ROUNDS = 1000; // of the PIN: a test need not be slow to be right

interface Timer { at: number; work: () => void }

export class Pocket {
  clock = Date.parse("2020-02-14T08:00:00Z");
  disk = new IDBFactory();
  marker: Marker | null = null;
  full = false; // every write that needs room fails
  room = 0; // 1: every such write fails until questionnaires are thrown out
  busy = false; // some tab is at it
  version = "0.2.0";
  random = 0.5;
  timers: Timer[] = [];
  #tabs: { listen: (news: TabNews) => void; of: Platform }[] = [];
  #seen: ((visible: boolean) => void)[] = [];
  #online: ((online: boolean) => void)[] = [];

  constructor(readonly server: FakeServer) {}

  database(): Database {
    const database = new Database("firstline", { indexedDB: this.disk, IDBKeyRange });
    database.use({ stack: "dbcore", name: "full", create: (core) => this.#narrow(core) });
    return database;
  }

  #narrow(core: DBCore): DBCore {
    return {
      ...core,
      table: (name) => {
        const table = core.table(name);
        return {
          ...table,
          mutate: (asked) => {
            if (asked.type === "deleteRange" && name === "forms") this.room = 0;
            if ((this.full || this.room) && asked.type !== "delete" && asked.type !== "deleteRange") return Promise.reject(new Dexie.QuotaExceededError("full"));
            return table.mutate(asked);
          },
        };
      },
    };
  }

  platform(): Platform {
    const platform: Platform = {
      database: this.database(), fetch: this.server.fetch, origin: "", now: () => this.clock, random: () => this.random,
      later: (milliseconds, work) => {
        const timer = { at: this.clock + milliseconds, work };
        this.timers.push(timer);
        return () => void (this.timers = this.timers.filter((one) => one !== timer));
      },
      alone: async (work) => {
        if (this.busy) return false;
        this.busy = true;
        await work().finally(() => (this.busy = false));
        return true;
      },
      tabs: {
        tell: (news) => this.#tabs.filter(({ of }) => of !== platform).forEach(({ listen }) => listen(news)),
        hear: (listen) => void this.#tabs.push({ listen, of: platform }),
      },
      marker: { read: () => this.marker, write: (marker) => void (this.marker = marker) },
      storage: async () => ({ used: 1, quota: 100, persisted: true }), persist: async () => undefined,
      isOnline: () => true, onOnline: (listen) => void this.#online.push(listen), onVisible: (listen) => void this.#seen.push(listen),
      label: "phone", name: "test", version: this.version, language: { read: () => "en", write: () => undefined },
      onlineOnly: false, usable: true, pinRounds: ROUNDS,
    };
    return platform;
  }

  /** The app is opened: another tab, or the only one. */
  async open(): Promise<Phone> {
    const phone = new Phone(this.platform());
    await phone.start();
    return phone;
  }

  /** All tabs are killed; the disk stays. */
  kill(): void {
    [this.timers, this.#tabs, this.#seen, this.#online, this.busy] = [[], [], [], [], false];
  }

  /** Time goes by, and what was planned for it is done. */
  pass(milliseconds: number): void {
    const until = this.clock + milliseconds;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.clock = next.at;
      next.work();
    }
    this.clock = until;
  }

  look(visible = true): void {
    for (const listen of this.#seen) listen(visible);
  }

  connect(online = true): void {
    for (const listen of this.#online) listen(online);
  }
}

/** A phone on which Lin is signed in, with what the server has for her. */
export async function carried(server?: FakeServer): Promise<{ server: FakeServer; pocket: Pocket; phone: Phone }> {
  const there = server ?? (await FakeServer.start());
  const pocket = new Pocket(there);
  const phone = await pocket.open();
  await phone.signIn({ login: "lin", password: "quiet-river-2020" });
  await phone.setPin(PIN);
  await phone.syncNow();
  return { server: there, pocket, phone };
}

/** After a restart. */
export async function reopened(pocket: Pocket): Promise<Phone> {
  pocket.kill();
  const phone = await pocket.open();
  await phone.unlock(PIN);
  return phone;
}

export function doorId(n: number): Id {
  return `d0000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
}

export function door(n: number, more: Partial<Door> = {}): Door {
  return { id: doorId(n), v: 1, label: `3-2-${n}`, place: "松涧里小区", room: String(n), mine: "answers", ...more };
}

export function visit(n = 1, more: Partial<VisitBody> = {}): Omit<VisitBody, "device_at"> {
  return { round_id: ROUND, door_id: doorId(n), channel: "door", source: "door", outcome: "no_answer", ...more };
}

export function states(phone: Phone): string[] {
  return phone.outbox.value.map(({ state }) => state).reverse();
}
