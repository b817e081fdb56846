/** The server as the phone knows it, in memory: takes in each item once, and can be made to fail in every way. */

import { gunzipSync } from "node:zlib";

import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";

import { base64url, bytesOf } from "../../src/store/seal";
import type {
  Account, Door, Id, Item, ItemNotice, Post, PullAnswer, PullRequest, PushRequest, PushResult, Round, SealedItem, SealingKey,
} from "../../src/store/types";
import type { Fetch } from "../../src/sync/api";

/** `cut`: it never arrives. `lost`: it arrives, and the answer does not. Else: the answer instead of the real one. */
export type Trouble = "cut" | "lost" | Response | undefined;
export type Ask = { path: string; said: any; items: Item[] };

const INFO = new TextEncoder().encode("firstline-outbox-v1");
const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
export const LIN: Account = { id: "a0000000-0000-7000-8000-000000000001", login: "lin", name: "林网格" };
export const WEI: Account = { id: "a0000000-0000-7000-8000-000000000002", login: "wei", name: "魏楼长" };

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

export class FakeServer {
  now = Date.parse("2020-02-14T08:00:00Z");
  doors = new Map<Id, Door>();
  rounds: Round[] = [];
  posts: Post[] = [];
  notices: ItemNotice[] | undefined;
  account = LIN;
  page = 500;
  stored = new Map<Id, Item>(); // what arrived, each once
  arrivals: Id[] = []; // repeats too, in their order
  sealed: Id[] = []; // which of them came sealed
  asks: Ask[] = [];
  token = "fd_1";
  closed = ""; // why this phone may read no more
  oldest = "";
  takenDevices = new Set<Id>();
  trouble: (ask: Ask) => Trouble = () => undefined;
  judge: (item: Item) => Partial<PushResult> | undefined = () => undefined;
  #keys = new Map<string, CryptoKeyPair>();
  #given = new Map<string, ReadonlyMap<Id, string>>(); // what a phone holds that has this cursor
  key!: SealingKey;

  static async start(): Promise<FakeServer> {
    const server = new FakeServer();
    await server.newKey("k1");
    return server;
  }

  async newKey(id: string): Promise<void> {
    const pair = await suite.kem.generateKeyPair();
    this.#keys.set(id, pair);
    this.key = { id, kem: "P-256", public: base64url(new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey))) };
  }

  pushes(): Ask[] {
    return this.asks.filter(({ path }) => path === "push");
  }

  pulls(): Ask[] {
    return this.asks.filter(({ path }) => path === "pull");
  }

  fetch: Fetch = async (url, init) => {
    const path = url.replace(/^.*\/api\/v1\/phone\//, "");
    const headers = new Headers(init.headers);
    const raw = init.body as Uint8Array | undefined;
    const bytes = raw && headers.get("Content-Encoding") === "gzip" ? gunzipSync(raw) : raw;
    const said = bytes ? JSON.parse(new TextDecoder().decode(bytes)) : null;
    const ask: Ask = { path, said, items: path === "push" ? await this.#opened(said) : [] };
    this.asks.push(ask);
    const trouble = this.trouble(ask);
    if (trouble === "cut") throw new TypeError("fetch failed");
    if (trouble instanceof Response) return trouble;
    const answer = this.#answer(ask, headers.get("Authorization"));
    if (trouble === "lost") throw new TypeError("fetch failed");
    return answer;
  };

  async #opened({ items }: PushRequest): Promise<Item[]> {
    return Promise.all(items.map((item) => ("sealed" in item ? this.unseal(item) : item)));
  }

  async unseal(item: SealedItem): Promise<Item> {
    this.sealed.push(item.id);
    const bytes = bytesOf(item.sealed);
    const recipientKey = this.#keys.get(item.key)!.privateKey;
    const reader = await suite.createRecipientContext({ recipientKey, enc: bytes.slice(0, 65).buffer, info: INFO });
    return JSON.parse(new TextDecoder().decode(await reader.open(bytes.slice(65).buffer))) as Item;
  }

  #answer({ path, said, items }: Ask, bearer: string | null): Response {
    if (path === "sign-in" || path === "activate") return this.#signIn(said);
    if (bearer !== `Bearer ${this.token}`) return json(401, { code: "phone.sign_in", message: "", params: {} });
    if (path === "push") return json(this.closed ? 202 : 200, this.#push(items));
    if (path === "pull") return this.#pull(said);
    if (path === "sign-out") return new Response(null, { status: 204 });
    return new Response("<h:html/>", { headers: { "Content-Type": "application/xml; charset=utf-8" } });
  }

  #signIn({ device_id }: { device_id: Id }): Response {
    if (this.takenDevices.has(device_id)) return json(409, { code: "phone.device_taken", message: "", params: {} });
    const [token, account, sealing_key] = [this.token, this.account, this.key];
    return json(200, { token, device_id, account, sealing_key, server_time: new Date(this.now).toISOString(), oldest_version: "" });
  }

  #push(items: Item[]): unknown {
    const results = items.map((item): PushResult => {
      const again = this.stored.has(item.id);
      this.arrivals.push(item.id);
      this.stored.set(item.id, item);
      if (this.closed) return { id: item.id, status: "held", why: this.closed };
      return { id: item.id, status: again ? "already" : "stored", ...this.judge(item) };
    });
    return { server_time: new Date(this.now).toISOString(), results, sealing_key: this.key };
  }

  #pull({ cursor, app_version }: PullRequest): Response {
    if (this.closed) return json(403, { code: this.closed, message: "", params: {}, wipe: true });
    if (this.oldest) return json(426, { code: "phone.too_old", message: "", params: {}, oldest_version: this.oldest, app_version });
    const held = this.#given.get(cursor ?? "");
    const looks = new Map([...this.doors].map(([id, door]) => [id, JSON.stringify(door)]));
    const send = [...looks].filter(([id, look]) => held?.get(id) !== look).slice(0, this.page).map(([id]) => this.doors.get(id)!);
    const gone = [...(held?.keys() ?? [])].filter((id) => !looks.has(id));
    const kept = [...(held ?? [])].filter(([id]) => looks.has(id));
    const after = new Map([...kept, ...send.map((door): [Id, string] => [door.id, looks.get(door.id)!])]);
    const next = `c${this.#given.size + 1}`;
    this.#given.set(next, after);
    const answer: PullAnswer = {
      cursor: next, server_time: new Date(this.now).toISOString(), reset: !held, doors: send, gone,
      more: [...looks].some(([id, look]) => after.get(id) !== look),
    };
    if (!held) Object.assign(answer, { account: this.account, posts: this.posts, places: { areas: [], grids: [] }, rounds: this.rounds });
    if (this.notices) answer.notices = this.notices;
    return json(200, answer);
  }
}
