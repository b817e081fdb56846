/** A bad network: requests are cut, sent twice, come late and in another order; answers get lost; phones die in between. */

import type { Fetch } from "../src/sync/api";
import type { Chance } from "./chance";
import { forever, sleep, type Pocket } from "./pocket";

const LIKELY = { well: 45, never: 12, halved: 6, twice: 8, lost: 11, killed: 5, later: 8, old: 5 };
export type Counts = Record<string, number>;

export class BadNet {
  calm = false;
  counts: Counts = {};
  #old: (() => Promise<Response>)[] = []; // copies of requests that arrive much later
  #under = new Set<Promise<unknown>>();

  constructor(private readonly chance: Chance) {}

  for = (pocket: Pocket): Fetch => async (url, init) => {
    const send = (body = init.body): Promise<Response> => this.#track(fetch(url, { ...init, body }));
    if (this.calm) return send();
    const life = pocket.death;
    const what = this.chance.pick(LIKELY);
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    await sleep(this.chance.next() * 60);
    if (what === "never") throw new TypeError("no network");
    if (what === "halved") await quietly(send(half(init.body)));
    if (what === "twice") await Promise.race([quietly(send()), sleep(5)]);
    if (what === "later") this.#old.push(() => send());
    if (what === "old") await quietly(this.#old.splice(Math.floor(this.chance.next() * this.#old.length), 1)[0]?.());
    const answer = await send();
    if (what === "lost") throw new TypeError("the answer got lost");
    if (what === "killed" && pocket.death === life && !this.calm) {
      pocket.kill();
      return forever();
    }
    return answer;
  };

  /** The weather clears up; what was under way arrives, and so does what was held back. */
  async clear(): Promise<void> {
    this.calm = true;
    await Promise.all(this.#old.splice(0).map((send) => quietly(send())));
    await Promise.all([...this.#under].map((one) => quietly(one)));
  }

  #track<T>(asked: Promise<T>): Promise<T> {
    this.#under.add(asked);
    void quietly(asked).then(() => this.#under.delete(asked));
    return asked;
  }
}

function half(body: BodyInit | null | undefined): BodyInit | null | undefined {
  return body instanceof Uint8Array ? body.slice(0, Math.floor(body.length / 2)) : body;
}

async function quietly(asked: Promise<unknown> | undefined): Promise<void> {
  await asked?.then(() => undefined, () => undefined);
}
