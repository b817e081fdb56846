/** Forgetting what is known of people. What was typed and not sent stays, sealed: only the server can read it. */

import type { Database } from "../store/db";
import type { ItemState } from "../store/types";

const KEPT: ReadonlySet<ItemState> = new Set(["waiting", "sent", "too_large"]);
const KNOWN = ["head", "cursor"];
const KEYS = ["vault", "wrong", "who"];

/** `all`: the keys too, so nobody is signed in. Otherwise just enough stays to send what waits. */
export async function wipe(db: Database, { all }: { all: boolean }): Promise<void> {
  await db.transaction("rw", [db.meta, db.buckets, db.drafts, db.outbox], async () => {
    await db.buckets.clear();
    await db.drafts.clear();
    await db.meta.bulkDelete(all ? [...KNOWN, ...KEYS] : KNOWN);
    await db.put("revision", ((await db.get<number>("revision")) ?? 0) + 1);
    await db.outbox.filter((row) => !KEPT.has(row.state)).delete();
    await db.outbox.toCollection().modify((row) => {
      delete row.readable;
    });
  });
}
