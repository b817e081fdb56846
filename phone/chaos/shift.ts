/**
 * Many phones after a day without a network. Told by one JSON line what there is; every phone loads, types its visits with no
 * network and says "ready"; at the line "go" all come back at once, each on a line of its own; the answer tells how long each took.
 */

import { createInterface } from "node:readline";

import type { Phone } from "../src/core/phone";
import type { Account, Id, SealingKey } from "../src/store/types";
import type { Fetch } from "../src/sync/api";
import { Chance } from "./chance";
import { PIN, Pocket, sleep } from "./pocket";

interface Carried { account: Account; device: Id; token: string; line: string }
interface Told { origin: string; seed: number; key: SealingKey; visits: number; patience: number; phones: Carried[] }

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const told = JSON.parse((await lines.next()).value!) as Told;
let where: "direct" | "nowhere" | "line" = "direct";
const counts = { requests: 0, up: 0, down: 0 };
const ids: Id[] = [];

/** It was signed in long ago; what is asked goes the way there is at the moment. */
function network({ account, device, token, line }: Carried): Fetch {
  return async (url, init) => {
    const path = url.slice(told.origin.length);
    if (path.endsWith("/sign-in")) {
      const answer = { token, device_id: device, account, sealing_key: told.key, server_time: new Date().toISOString(), oldest_version: "" };
      return new Response(JSON.stringify(answer));
    }
    if (where === "nowhere") throw new TypeError("no network");
    if (where === "direct") return fetch(told.origin + path, init);
    counts.requests += 1;
    counts.up += (init.body as Uint8Array | null)?.byteLength ?? 0;
    const answer = await fetch(line + path, init);
    counts.down += Number(answer.headers.get("Content-Length") ?? 0);
    return answer;
  };
}

async function loaded(carried: Carried, chance: Chance): Promise<Phone> {
  const owner = { login: carried.account.login, password: "-", ahead: 0 };
  const app = await new Pocket(owner, told.origin, () => network(carried), chance.next).start();
  await app.signIn(owner);
  await app.setPin(PIN);
  await app.syncNow();
  if (!app.doors.value.size) throw new Error(`${owner.login} was given no doors: ${app.status.value.trouble?.code}`);
  return app;
}

async function worked(app: Phone, chance: Chance): Promise<void> {
  const round_id = app.rounds.value[0]!.id;
  const doors = [...app.doors.value.values()];
  for (let n = 0; n < told.visits; n += 1) {
    const door = doors[n % doors.length]!;
    const home = door.households[0];
    const met = chance.next() < 0.5 && home?.members.length;
    const who = met ? { outcome: "answered" as const, household_id: home.id, seen: home.members.map(({ id }) => id) } : { outcome: "no_answer" as const };
    const note = chance.next() < 0.3 ? "下午六点以后在家，敲门要重一些" : undefined;
    ids.push(await app.recordVisit({ round_id, door_id: door.id, channel: "door", source: "door", note, ...who }));
  }
}

/** Until nothing waits and a pull has come through; the phone's own engine decides when it tries again. */
async function drained(app: Phone): Promise<number | null> {
  const [start, before] = [performance.now(), app.status.value.last_contact];
  void app.syncNow();
  while (app.status.value.waiting || app.status.value.last_contact === before) {
    if (performance.now() - start > told.patience) return null;
    await sleep(50);
  }
  return performance.now() - start;
}

const phones: { app: Phone; chance: Chance }[] = [];
for (const [n, carried] of told.phones.entries()) {
  const chance = new Chance(told.seed * 1000 + n);
  phones.push({ app: await loaded(carried, chance), chance });
}
where = "nowhere";
for (const { app, chance } of phones) await worked(app, chance);
console.log(JSON.stringify({ ready: phones.length }));
await lines.next();
where = "line";
const took = await Promise.all(phones.map(({ app }) => drained(app)));
const waiting = phones.flatMap(({ app }) => app.outbox.value.filter(({ state }) => state === "waiting" || state === "sent").map(({ id }) => id));
process.stdout.write(JSON.stringify({ took, ids, waiting, ...counts }) + "\n", () => process.exit(0));
