/**
 * The doors this phone was given, in buckets under the vault. All of them are read at unlocking and held in memory: two
 * thousand doors are two megabytes, and every list, search and order is then instant.
 */

import { Refused } from "../app";
import { isFull, type Database } from "./db";
import type { Account, BucketRow, Door, Id, ItemNotice, Places, Post, PullAnswer, Round } from "./types";
import type { Vault } from "./vault";

const BUCKETS = 64;

/** What is pulled besides doors: small, always whole. */
export interface Head { account: Account | null; posts: Post[]; places: Places; rounds: Round[]; notices: ItemNotice[] }
const EMPTY: Head = { account: null, posts: [], places: { areas: [], grids: [] }, rounds: [], notices: [] };

export class Doors {
  all = new Map<Id, Door>();
  head: Head = EMPTY;
  cursor: string | null = null;
  #revision = -1;

  constructor(private readonly db: Database, private readonly vault: Vault) {}

  /** Does nothing when no other tab has written since. */
  async load(): Promise<void> {
    const [revision = 0, cursor = null, head, rows] = await this.db.transaction("r", this.db.meta, this.db.buckets, () =>
      Promise.all([
        this.db.get<number>("revision"), this.db.get<string>("cursor"), this.db.get<BucketRow["data"]>("head"),
        this.db.buckets.toArray(),
      ]),
    );
    if (revision === this.#revision) return;
    this.head = head ? await this.vault.read<Head>(head) : EMPTY;
    const lists = await Promise.all(rows.map((row) => this.vault.read<Door[]>(row.data)));
    this.all = new Map(lists.flat().map((door) => [door.id, door]));
    [this.cursor, this.#revision] = [cursor, revision];
  }

  forget(): void {
    [this.all, this.head, this.cursor, this.#revision] = [new Map(), EMPTY, null, -1];
  }

  /** One page of a pull, whole or not at all, with its cursor. Returns the doors that changed. */
  async apply(page: PullAnswer): Promise<Set<Id>> {
    const read = this.#revision;
    const next = page.reset ? new Map<Id, Door>() : new Map(this.all);
    const changed = new Set<Id>(page.reset ? this.all.keys() : []);
    for (const door of page.doors ?? []) {
      changed.add(door.id);
      next.set(door.id, door);
    }
    for (const id of page.gone ?? []) if (next.delete(id)) changed.add(id);
    const head = mergeHead(this.head, page);
    const rows = await this.#bucketRows(next, changed);
    await this.#write(page, rows, head, read);
    if (this.#revision !== read) return new Set(); // locked or read again meanwhile: what is on disk counts
    [this.all, this.head, this.cursor, this.#revision] = [next, head, page.cursor, read + 1];
    return changed;
  }

  async #bucketRows(doors: ReadonlyMap<Id, Door>, changed: ReadonlySet<Id>): Promise<BucketRow[]> {
    const wanted = new Map([...changed].map((id) => [bucketOf(id), [] as Door[]]));
    for (const door of doors.values()) wanted.get(bucketOf(door.id))?.push(door);
    return Promise.all([...wanted].map(async ([n, list]) => ({ n, data: await this.vault.seal(list) })));
  }

  async #write(page: PullAnswer, rows: BucketRow[], head: Head, read: number): Promise<void> {
    const sealedHead = head === this.head ? null : await this.vault.seal(head);
    try {
      await this.db.transaction("rw", this.db.meta, this.db.buckets, async () => {
        await this.vault.mustBeMine();
        if (((await this.db.get<number>("revision")) ?? 0) !== read) throw new Refused("phone.other_tab");
        if (page.reset) await this.db.buckets.clear();
        await this.db.buckets.bulkPut(rows);
        if (sealedHead) await this.db.put("head", sealedHead);
        await this.db.put("cursor", page.cursor);
        await this.db.put("revision", read + 1);
      });
    } catch (error) {
      throw isFull(error) ? new Refused("phone.full") : error;
    }
  }
}

/** The last two characters of an id are random: doors spread evenly. */
function bucketOf(id: Id): number {
  return Number.parseInt(id.slice(-2), 16) % BUCKETS;
}

function mergeHead(head: Head, page: PullAnswer): Head {
  if (!page.account && !page.posts && !page.places && !page.rounds && !page.notices) return head;
  return {
    account: page.account ?? head.account,
    posts: page.posts ?? head.posts,
    places: page.places ?? head.places,
    rounds: page.rounds ?? head.rounds,
    notices: page.notices ?? head.notices,
  };
}
