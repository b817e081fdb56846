/**
 * What was typed, in order. Every item is sealed to the server in the moment of typing, and kept readable under the vault
 * beside it: a forgotten PIN loses nothing. One row is one transaction; what is shown is computed from the rows.
 */

import { Refused } from "../app";
import { newId } from "../rules/ids";
import { withoutIdentityNumbers } from "../rules/identity";
import { isFull, type Database } from "./db";
import { sealItem } from "./seal";
import type { Bodies, Id, Item, ItemKind, ItemNotice, ItemState, OutboxRow, PushResult, SealingKey } from "./types";
import type { Vault } from "./vault";

/** A row with what it says; `item` is absent where only the seal is left. */
export interface Entry { row: OutboxRow; item?: Item; message?: string }

const UNSENT: readonly ItemState[] = ["waiting", "sent"];
const DONE: readonly ItemState[] = ["stored", "applied", "dismissed"];
const OF_RESULT: Record<PushResult["status"], ItemState> = {
  stored: "stored", already: "stored", held: "held", conflict: "conflict", waiting: "waits",
};
const OF_NOTICE: Record<ItemNotice["status"], ItemState> = {
  held: "held", conflict: "conflict", waiting: "waits", applied: "applied", dismissed: "dismissed",
};
export const KEEP_DONE = 2 * 86_400_000;

export class Outbox {
  entries: Entry[] = [];

  constructor(private readonly db: Database, private readonly vault: Vault, private readonly now: () => number) {}

  /** Reads all rows; those under the vault only while it is open. */
  async load(): Promise<void> {
    const rows = await this.db.outbox.orderBy("n").toArray();
    const known = new Map(this.entries.map((entry) => [entry.row.id, entry]));
    this.entries = await Promise.all(rows.map((row) => this.#entry(row, known.get(row.id))));
  }

  async #entry(row: OutboxRow, known: Entry | undefined): Promise<Entry> {
    if (!this.vault.isOpen || !row.readable) return { row };
    const item = known?.item ?? (await this.vault.read<Item>(row.readable));
    return { row, item, message: known?.message };
  }

  forgetReadable(): void {
    this.entries = this.entries.map(({ row }) => ({ row }));
  }

  async add<K extends ItemKind>(kind: K, body: Bodies[K], account: Id, key: SealingKey): Promise<Entry> {
    const item = { id: newId(this.now()), kind, at: new Date(this.now()).toISOString(), body: withoutIdentityNumbers(body) } as Item;
    const [sealed, readable] = [await sealItem(item, key), await this.vault.seal(item)];
    const row: OutboxRow = {
      id: item.id, account, state: "waiting", at: item.at, sealed: sealed.sealed, key: sealed.key, readable, tries: 0,
      changed: this.now(),
    };
    await this.#keep(row);
    const entry = { row, item };
    this.entries = [...this.entries, entry];
    return entry;
  }

  async #keep(row: OutboxRow): Promise<void> {
    try {
      await this.#write(row);
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.#makeRoom();
      await this.#write(row).catch((again: unknown) => {
        throw isFull(again) ? new Refused("phone.full") : again;
      });
    }
  }

  #write(row: OutboxRow): Promise<void> {
    return this.db.transaction("rw", this.db.meta, this.db.outbox, async () => {
      await this.vault.mustBeMine();
      row.n = await this.db.outbox.add(row);
    });
  }

  /** What the server has, and forms that can be fetched again, make room for what it has not. */
  async #makeRoom(): Promise<void> {
    await this.db.outbox.where("state").anyOf(DONE).delete();
    await this.db.forms.clear();
  }

  /** What this account has yet to send, in the order of typing. */
  unsent(account: Id): Entry[] {
    return this.entries.filter(({ row }) => row.account === account && UNSENT.includes(row.state));
  }

  counts(account: Id | null): { waiting: number; oldest: string | null; attention: number; elsewhere: number } {
    const open = this.entries.filter(({ row }) => UNSENT.includes(row.state));
    const mine = open.filter(({ row }) => row.account === account);
    const attention = this.entries.filter(({ row }) => row.account === account && ["held", "conflict", "too_large"].includes(row.state));
    const oldest = mine.reduce<string | null>((first, { row }) => (first && first < row.at ? first : row.at), null);
    return { waiting: mine.length, oldest, attention: attention.length, elsewhere: open.length - mine.length };
  }

  /** Only what has surely not left the phone can be taken back. */
  async withdraw(id: Id): Promise<Entry | undefined> {
    const entry = this.entries.find(({ row }) => row.id === id);
    const gone = await this.db.outbox.where("id").equals(id).filter((row) => row.state === "waiting" && row.tries === 0).delete();
    if (!entry || !gone) return undefined;
    this.entries = this.entries.filter(({ row }) => row.id !== id);
    return entry;
  }

  /** The answer may get lost: until there is one, a sent item is still to be sent. */
  markSent(ids: readonly Id[]): Promise<Set<Id>> {
    return this.#change(ids, (entry) => ({ ...entry, row: { ...entry.row, state: "sent", tries: entry.row.tries + 1 } }));
  }

  settle(results: readonly PushResult[]): Promise<Set<Id>> {
    const byId = new Map(results.map((result) => [result.id, result]));
    return this.#change([...byId.keys()], (entry) => {
      const result = byId.get(entry.row.id)!;
      const state = OF_RESULT[result.status];
      if (!state) return entry; // a word this version does not know: ask again later
      return { ...entry, message: result.message, row: { ...entry.row, state, why: result.why } };
    });
  }

  tooLarge(id: Id): Promise<Set<Id>> {
    return this.#change([id], (entry) => ({ ...entry, row: { ...entry.row, state: "too_large", why: "phone.item_too_large" } }));
  }

  /** What the office decided since. */
  told(notices: readonly ItemNotice[]): Promise<Set<Id>> {
    const byId = new Map(notices.map((notice) => [notice.id, notice]));
    const here = this.entries.filter(({ row }) => byId.has(row.id)).map(({ row }) => row.id);
    return this.#change(here, (entry) => {
      const notice = byId.get(entry.row.id)!;
      const state = OF_NOTICE[notice.status] ?? entry.row.state;
      return { ...entry, message: notice.message, row: { ...entry.row, state, why: notice.why } };
    });
  }

  /** Returns those that were there: in between, one may have been taken back. */
  async #change(ids: readonly Id[], change: (entry: Entry) => Entry): Promise<Set<Id>> {
    const wanted = new Set(ids);
    const changed = this.entries.filter(({ row }) => wanted.has(row.id)).map((entry) => {
      const next = change(entry);
      return { ...next, row: { ...next.row, changed: this.now() } };
    });
    const there = await this.#update(changed);
    const byId = new Map(changed.filter(({ row }) => there.has(row.id)).map((entry) => [entry.row.id, entry]));
    this.entries = this.entries.map((entry) => byId.get(entry.row.id) ?? entry);
    return there;
  }

  #update(changed: readonly Entry[]): Promise<Set<Id>> {
    return this.db.transaction("rw", this.db.outbox, async () => {
      const there = new Set<Id>();
      for (const { row } of changed) {
        const { state, why, tries, changed: at } = row;
        if (await this.db.outbox.update(row.n!, { state, why, tries, changed: at })) there.add(row.id);
      }
      return there;
    });
  }

  /** What the server has needs no place here after two days. */
  async tidy(): Promise<void> {
    const old = this.entries.filter(({ row }) => DONE.includes(row.state) && this.now() - row.changed > KEEP_DONE);
    if (!old.length) return;
    await this.db.outbox.bulkDelete(old.map(({ row }) => row.n!));
    const gone = new Set(old.map(({ row }) => row.id));
    this.entries = this.entries.filter(({ row }) => !gone.has(row.id));
  }
}
