/**
 * Many phones and a bad network against a real server. Told by one JSON line what there is; begins; at the line "calm" the
 * network is well again and every phone drains; at the line "look" each fetches once more, and one JSON line tells what was
 * typed and what each phone holds.
 */

import { createInterface } from "node:readline";

import { Chance } from "./chance";
import { Hand } from "./hand";
import { BadNet } from "./net";
import { Pocket, sleep, type Owner } from "./pocket";

interface Told { origin: string; seed: number; phones: Owner[] }

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { origin, seed, phones } = JSON.parse((await lines.next()).value!) as Told;
process.on("unhandledRejection", (error) => void unforeseen.push(String((error as Error)?.stack ?? error)));
const unforeseen: string[] = [];

const net = new BadNet(new Chance(seed));
const hands = phones.map((owner, n) => {
  const chance = new Chance(seed * 1000 + n);
  return new Hand(new Pocket(owner, origin, net.for, chance.next), chance, `phone ${n}`);
});

net.calm = true;
for (const hand of hands) if (!(await hand.enter())) throw new Error(`${hand.login} cannot sign in`);
await Promise.all(hands.map((hand) => hand.pocket.app!.syncNow()));
net.calm = false;
console.log(JSON.stringify({ ready: hands.length }));

let working = true;
const shifts = hands.map(async (hand) => {
  while (working) await hand.step();
});
await lines.next();
working = false;
await Promise.all(shifts);
await net.clear();
const said = await Promise.all(hands.map(drained));
console.log(JSON.stringify({ drained: said }));
await lines.next();
const ends = await Promise.all(hands.map(told));
const faults = unforeseen.filter((text) => !text.includes("DatabaseClosedError")); // an app that was killed has no store
process.stdout.write(JSON.stringify({ ends, unforeseen: faults, net: net.counts }) + "\n", () => process.exit(0));

/** With a good network: switched on again, and asked until nothing waits. */
async function drained(hand: Hand): Promise<string> {
  const { pocket } = hand;
  pocket.kill();
  let said = "";
  for (let turn = 0; turn < 12; turn += 1) {
    const app = await hand.enter();
    if (!app) {
      said = pocket.app?.status.value.phase ?? "";
      await sleep(100);
      continue;
    }
    const before = app.status.value.last_contact;
    await app.syncNow();
    const { wiped, phase, waiting, trouble, last_contact } = app.status.value;
    if (phase === "signed_out") await hand.wiped(wiped?.why ?? "signing out");
    said = trouble?.code ?? "";
    if (phase === "open" && !waiting && last_contact !== before) return "";
  }
  return said;
}

async function told(hand: Hand): Promise<unknown> {
  const { pocket } = hand;
  const app = pocket.app!;
  await app.syncNow();
  const left = await pocket.look((disk) => disk.outbox.filter(({ state }) => state === "waiting" || state === "sent").toArray());
  return {
    login: hand.login, device: app.status.value.device_id, phase: app.status.value.phase,
    doors: Object.fromEntries([...app.doors.value].filter(([, door]) => !door.is_new).map(([id, { v }]) => [id, v])),
    typed: [...hand.typed].map(([id, item]) => item ?? { id, kind: null }), back: [...hand.back], unsure: [...hand.unsure], left: left.map(({ id }) => id),
    states: Object.fromEntries(app.outbox.value.map(({ id, state }) => [id, state])),
    waiting: app.status.value.waiting, complaints: hand.complaints,
  };
}
