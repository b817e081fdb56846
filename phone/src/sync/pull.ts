/** What this account may know comes down, page by page. Each page is kept whole with its cursor: stopping loses nothing. */

import type { Doors } from "../store/doors";
import type { Id, PullAnswer, PullRequest } from "../store/types";
import type { Wire } from "./api";
import { secondsAhead } from "./clock";

export interface Pulling {
  wire: Wire;
  doors: Doors;
  now: () => number;
  token: string;
  about: () => Promise<Omit<PullRequest, "cursor" | "device_now">>;
  onPage: (page: PullAnswer, changed: ReadonlySet<Id>) => Promise<void>;
  onClock: (ahead: number) => void;
}

const MOST_PAGES = 2000; // a server that always says "more" must not keep a phone busy for ever

export async function pullAll(pulling: Pulling): Promise<void> {
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await pullPage(pulling);
    const changed = await pulling.doors.apply(page);
    await pulling.onPage(page, changed);
    if (!page.more) return;
  }
}

async function pullPage({ wire, doors, now, token, about, onClock }: Pulling): Promise<PullAnswer> {
  const asked = now();
  const request = { cursor: doors.cursor, device_now: new Date(asked).toISOString(), ...(await about()) };
  const page = await wire.pull(token, request);
  onClock(secondsAhead(asked, now(), page.server_time));
  return page;
}
