/** Forms half filled in: kept at every change, so that a killed app loses nothing that was typed. */

import { Refused, type Drafts as DraftsOfApp } from "../app";
import { withoutIdentityNumbers } from "../rules/identity";
import { isFull, type Database } from "./db";
import type { Iso } from "./types";
import type { Vault } from "./vault";

export class Drafts implements DraftsOfApp {
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly db: Database, private readonly vault: Vault, private readonly now: () => number) {}

  /** One after the other, so that an older state never overwrites a newer one. */
  put(key: string, value: unknown): Promise<void> {
    const after = this.#last.then(() => this.#put(key, value));
    this.#last = after.catch(() => undefined);
    return after;
  }

  async #put(key: string, value: unknown): Promise<void> {
    const row = { key, data: await this.vault.seal(withoutIdentityNumbers(value)), changed: this.now() };
    try {
      await this.db.transaction("rw", this.db.meta, this.db.drafts, async () => {
        await this.vault.mustBeMine();
        await this.db.drafts.put(row);
      });
    } catch (error) {
      throw isFull(error) ? new Refused("phone.full") : error;
    }
  }

  async get<T>(key: string): Promise<T | undefined> {
    await this.#last;
    const row = await this.db.drafts.get(key);
    return row && this.vault.read<T>(row.data);
  }

  async remove(key: string): Promise<void> {
    await this.#last;
    await this.db.drafts.delete(key);
  }

  async list(prefix = ""): Promise<{ key: string; changed: Iso }[]> {
    await this.#last;
    const rows = await this.db.drafts.where("key").startsWith(prefix).toArray();
    rows.sort((a, b) => b.changed - a.changed);
    return rows.map(({ key, changed }) => ({ key, changed: new Date(changed).toISOString() }));
  }
}
