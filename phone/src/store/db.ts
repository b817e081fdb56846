/** The tables. Nothing about people stands in clear: what can be read without the PIN is ids, states, times and sizes. */

import Dexie, { type Table } from "dexie";

import type { BucketRow, DraftRow, FormRow, MetaRow, OutboxRow } from "./types";

export interface Engines { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange }

export class Database extends Dexie {
  declare meta: Table<MetaRow, string>;
  declare buckets: Table<BucketRow, number>;
  declare outbox: Table<OutboxRow, number>;
  declare drafts: Table<DraftRow, string>;
  declare forms: Table<FormRow, string>;

  constructor(name = "firstline", engines?: Engines) {
    super(name, engines);
    this.version(1).stores({ meta: "key", buckets: "n", outbox: "++n, &id, state", drafts: "key", forms: "hash" });
  }

  async get<T>(key: string): Promise<T | undefined> {
    return (await this.meta.get(key))?.value as T | undefined;
  }

  put(key: string, value: unknown): Promise<unknown> {
    return this.meta.put({ key, value });
  }
}

/** The disk or the browser's share of it is full. Dexie wraps what the browser says in more than one way. */
export function isFull(error: unknown): boolean {
  for (let one = error as { name?: string; inner?: unknown } | undefined; one; one = one.inner as typeof one) {
    if (one.name === "QuotaExceededError") return true;
  }
  return false;
}
