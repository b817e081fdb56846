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
type Said = Pick<Entry, "row" | "message">;

/** It has surely not left the phone. */
const isFresh = (row: OutboxRow): boolean => row.state === "waiting" && row.tries === 0;

export class Outbox {
  entries: Entry[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly db: Database, private readonly vault: Vault, private readonly now: () => number) {}

  /** Reading all rows takes a while: what is typed meanwhile must not be overwritten by what was there before. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const after = this.#last.then(work);
    this.#last = after.catch(() => undefined);
    return after;
  }

  /** Reads all rows; those under the vault only while it is open. */
  load(): Promise<void> {
    return this.#inTurn(() => this.#load());
  }

  async #load(): Promise<void> {
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
    return this.#inTurn(async () => {
      await this.#keep(row);
      const entry = { row, item };
      this.entries = [...this.entries, entry];
      return entry;
    });
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

  async #write(row: OutboxRow): Promise<void> {
    try {
      await this.db.transaction("rw", this.db.meta, this.db.outbox, async () => {
        await this.vault.mustBeMine();
        row.n = await this.db.outbox.add(row);
      });
    } catch (error) {
      // The store ended the transaction before it was told of all: what it holds decides, or it would be typed twice.
      const there = (error as Error).name === "PrematureCommitError" && (await this.db.outbox.where("id").equals(row.id).first());
      if (!there) throw error;
      row.n = there.n;
    }
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
  withdraw(id: Id): Promise<Entry | undefined> {
    return this.#inTurn(async () => {
      const entry = this.entries.find(({ row }) => row.id === id);
      if (!entry || !isFresh(entry.row)) return undefined;
      if (!(await this.db.outbox.where("id").equals(id).filter(isFresh).delete())) return undefined;
      this.entries = this.entries.filter(({ row }) => row.id !== id);
      return entry;
    });
  }

  /** The answer may get lost: until there is one, a sent item is still to be sent. */
  markSent(ids: readonly Id[]): Promise<Set<Id>> {
    return this.#change(ids, ({ row }) => ({ row: { ...row, state: "sent", tries: row.tries + 1 } }));
  }

  settle(results: readonly PushResult[]): Promise<Set<Id>> {
    const byId = new Map(results.map((result) => [result.id, result]));
    return this.#change([...byId.keys()], ({ row, message }) => {
      const result = byId.get(row.id)!;
      const state = OF_RESULT[result.status];
      if (!state) return { row, message }; // a word this version does not know: ask again later
      return { row: { ...row, state, why: result.why }, message: result.message };
    });
  }

  tooLarge(id: Id): Promise<Set<Id>> {
    return this.#change([id], ({ row }) => ({ row: { ...row, state: "too_large", why: "phone.item_too_large" } }));
  }

  /** What the office has to decide, or did: the whole list. What waited there and is not listed any more was stored. */
  told(notices: readonly ItemNotice[], account: Id): Promise<Set<Id>> {
    const byId = new Map(notices.map((notice) => [notice.id, notice]));
    const wait = ({ row }: Entry): boolean => row.account === account && row.state === "waits";
    const about = this.entries.filter((entry) => byId.has(entry.row.id) || wait(entry)).map(({ row }) => row.id);
    return this.#change(about, ({ row }) => {
      const notice = byId.get(row.id);
      if (!notice) return { row: { ...row, state: "stored", why: undefined } };
      return { row: { ...row, state: OF_NOTICE[notice.status] ?? row.state, why: notice.why }, message: notice.message };
    });
  }

  #change(ids: readonly Id[], change: (entry: Entry) => Said): Promise<Set<Id>> {
    return this.#inTurn(async () => {
      const wanted = new Set(ids);
      const changed = new Map<Id, Said>();
      for (const entry of this.entries) {
        if (!wanted.has(entry.row.id)) continue;
        const { row, message } = change(entry);
        changed.set(row.id, { row: { ...row, changed: this.now() }, message });
      }
      const there = await this.#update([...changed.values()]);
      const next = (entry: Entry): Entry => (there.has(entry.row.id) ? { ...entry, ...changed.get(entry.row.id) } : entry);
      this.entries = this.entries.map(next);
      return there;
    });
  }

  /** Which rows are still there. On a full phone the state is known here only: the worst is that something is sent twice. */
  async #update(changed: readonly Said[]): Promise<Set<Id>> {
    try {
      return await this.#writeStates(changed);
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.#makeRoom();
      return this.#writeStates(changed).catch(() => this.#there(changed.map(({ row }) => row.id)));
    }
  }

  async #there(ids: readonly Id[]): Promise<Set<Id>> {
    return new Set((await this.db.outbox.where("id").anyOf(ids).toArray()).map((row) => row.id));
  }

  #writeStates(changed: readonly Said[]): Promise<Set<Id>> {
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
  tidy(): Promise<void> {
    return this.#inTurn(async () => {
      const old = this.entries.filter(({ row }) => DONE.includes(row.state) && this.now() - row.changed > KEEP_DONE);
      if (!old.length) return;
      await this.db.outbox.bulkDelete(old.map(({ row }) => row.n!));
      const gone = new Set(old.map(({ row }) => row.id));
      this.entries = this.entries.filter(({ row }) => !gone.has(row.id));
    });
  }
}
