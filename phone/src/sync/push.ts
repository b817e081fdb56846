/** What was typed goes up: in order, in batches the line bears, every item on its own. Safe to stop anywhere and to repeat. */

import type { Entry, Outbox } from "../store/outbox";
import type { Id, Item, PushAnswer, SealedItem, SealingKey } from "../store/types";
import { Failed, type Wire } from "./api";
import { secondsAhead } from "./clock";
import { afterSuccess, afterTooMuch, batchOf } from "./pace";

export interface Sending {
  wire: Wire;
  outbox: Outbox;
  now: () => number;
  token: string;
  account: Id;
  batch: { size: number }; // of the next one: begins as the line bore it last time, and is kept even where this fails
  onSent: (sent: number) => void;
  onClock: (ahead: number) => void;
  onKey: (key: SealingKey) => Promise<unknown>;
}

/** Throws what stopped it; what was answered before is settled. */
export async function pushAll(sending: Sending): Promise<void> {
  const passed = new Set<Id>(); // left over for the next time: one bad item never blocks the rest
  const next = sending.batch;
  for (;;) {
    const left = sending.outbox.unsent(sending.account).filter(({ row }) => !passed.has(row.id));
    if (!left.length) return;
    const batch = batchOf(left, next.size, bytesOf);
    try {
      next.size = afterSuccess(next.size, await pushBatch(sending, batch, passed));
    } catch (error) {
      if (!isTooMuchOrBroken(error)) throw error;
      next.size = afterTooMuch(Math.min(next.size, batch.length));
      if (batch.length === 1) await giveUp(sending, batch[0]!, error as Failed, passed);
    }
  }
}

async function pushBatch(sending: Sending, batch: readonly Entry[], passed: Set<Id>): Promise<number> {
  const marked = await sending.outbox.markSent(batch.map(({ row }) => row.id));
  const going = batch.filter(({ row }) => marked.has(row.id));
  if (!going.length) return 0;
  const ids = going.map(({ row }) => row.id);
  const items = going.map(asSent);
  const asked = sending.now();
  const answer: PushAnswer = await sending.wire.push(sending.token, { device_now: new Date(asked).toISOString(), items });
  const heard = sending.now();
  sending.onClock(secondsAhead(asked, heard, answer.server_time));
  if (answer.sealing_key) await sending.onKey(answer.sealing_key);
  await sending.outbox.settle(answer.results.filter((result) => ids.includes(result.id)));
  for (const { row } of sending.outbox.unsent(sending.account)) if (ids.includes(row.id)) passed.add(row.id); // not answered for
  sending.onSent(ids.length);
  return heard - asked;
}

/** In clear where it can be read (it packs well); what only the seal is left of, sealed. */
function asSent({ row, item }: Entry): Item | SealedItem {
  return item ?? { id: row.id, sealed: row.sealed, key: row.key };
}

function bytesOf({ row }: Entry): number {
  return row.sealed.length;
}

function isTooMuchOrBroken(error: unknown): boolean {
  return error instanceof Failed && (error.tooMuch || error.status === 500 || error.status === 400 || error.status === 422);
}

/** Alone, and still not taken: too large for the server, or it breaks there. It stays, and the next ones go on. */
async function giveUp(sending: Sending, { row }: Entry, error: Failed, passed: Set<Id>): Promise<void> {
  if (error.code === "phone.timeout") throw error;
  passed.add(row.id);
  if (error.status === 413) await sending.outbox.tooLarge(row.id);
}
