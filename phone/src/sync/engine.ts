/**
 * One contact after another: push, then pull; and when to try again. Only one tab of one phone does it at a time.
 *
 * Lost access: what was typed is pushed first, then what was known is wiped. No browser in it: it also runs in Node.
 */

import type { Doors } from "../store/doors";
import type { Outbox } from "../store/outbox";
import type { Id, PullAnswer, PullRequest, SealingKey } from "../store/types";
import { Failed, type Wire } from "./api";
import { FIRST, waitBefore } from "./pace";
import { pullAll } from "./pull";
import { pushAll } from "./push";

/** What stands around the engine: the phone's own things, or a test's. */
export interface Around {
  wire: Wire;
  doors: Doors;
  outbox: Outbox;
  now: () => number;
  random: () => number;
  /** Runs `work` unless another tab is at it; false: it was. */
  alone: (work: () => Promise<void>) => Promise<boolean>;
  later: (milliseconds: number, work: () => void) => () => void;
  who: () => { token: string; account: Id } | null; // null while locked or signed out
  about: () => Promise<Omit<PullRequest, "cursor" | "device_now">>;
  batchSize: { get: () => Promise<number>; set: (size: number) => Promise<unknown> };
  heard: Heard;
}

/** What the engine tells. */
export interface Heard {
  began: () => void;
  sent: (sent: number) => void;
  page: (page: PullAnswer, changed: ReadonlySet<Id>) => Promise<void>;
  clock: (ahead: number) => void;
  key: (key: SealingKey) => Promise<unknown>; // to seal with from now on
  done: () => Promise<void>;
  failed: (error: unknown) => void;
  /** The server no longer knows this token. */
  unknown: () => Promise<void>;
  /** All was pushed that could be: forget what is known. `left`: something typed is still here, sealed. */
  wipe: (why: string, left: number) => Promise<void>;
  tooOld: (oldest: string) => void;
}

const EVERY = 5 * 60_000; // with the app open and nothing to do
const SOON = 8_000; // after something was typed: time to take it back

export class Engine {
  #failures = 0;
  #asked = false; // while a contact was running
  #running: Promise<void> | null = null;
  #cancel: () => void = () => undefined;
  #stopped = true;

  constructor(private readonly around: Around) {}

  start(): void {
    this.#stopped = false;
    this.#plan(this.around.random() * 1000);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Something was typed, or the network came back. */
  nudge(soon: boolean = true): void {
    if (this.#stopped) return;
    if (this.#running) this.#asked = true;
    else this.#plan(soon ? SOON : this.around.random() * 2000);
  }

  #plan(wait: number): void {
    this.#cancel();
    this.#cancel = this.around.later(wait, () => void this.sync());
  }

  /** Never throws; those who ask while it runs wait for the same end. */
  sync(): Promise<void> {
    this.#running ??= this.#contact().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #contact(): Promise<void> {
    this.#cancel();
    this.#asked = false;
    let wait = EVERY;
    try {
      if (this.around.who()) await this.around.alone(() => this.#both());
      this.#failures = 0;
      if (this.#asked) wait = SOON;
    } catch (error) {
      this.#failures += 1;
      this.around.heard.failed(error);
      wait = waitBefore(this.#failures, this.around.random(), error instanceof Failed ? error.retryAfter : null);
    }
    if (!this.#stopped) this.#plan(wait);
  }

  async #both(): Promise<void> {
    this.around.heard.began();
    await this.around.outbox.load(); // another tab may have typed
    await this.around.doors.load();
    try {
      await this.#push();
      await this.#pull();
      await this.around.outbox.tidy();
      await this.around.heard.done();
    } catch (error) {
      await this.#understand(error);
    }
  }

  async #push(): Promise<void> {
    const who = this.#who();
    const { wire, outbox, now, batchSize, heard } = this.around;
    const before = (await batchSize.get()) || FIRST;
    const batch = { size: before };
    try {
      await pushAll({ wire, outbox, now, ...who, batch, onSent: heard.sent, onClock: heard.clock, onKey: heard.key });
    } finally {
      if (batch.size !== before) await batchSize.set(batch.size).catch(() => undefined); // on a full phone: found out again
    }
  }

  async #pull(): Promise<void> {
    const { token } = this.#who();
    const { wire, doors, now, about, heard } = this.around;
    await pullAll({ wire, doors, now, token, about, onPage: heard.page, onClock: heard.clock });
  }

  /** Locked or signed out in between: what was answered so far is kept. */
  #who(): { token: string; account: Id } {
    const who = this.around.who();
    if (!who) throw new Failed(0, "phone.locked");
    return who;
  }

  async #understand(error: unknown): Promise<void> {
    if (!(error instanceof Failed)) throw error;
    if (error.status === 401) return this.around.heard.unknown();
    if (error.status === 426) return this.around.heard.tooOld(String(error.body.oldest_version ?? ""));
    if (error.status === 403 && error.body.wipe) return this.#loseAccess(error.code);
    throw error;
  }

  /** Pushed once more, for something may have been typed since; the wipe does not wait for a network that went away. */
  async #loseAccess(why: string): Promise<void> {
    const { account } = this.#who();
    await this.#push().catch(() => undefined);
    await this.around.heard.wipe(why, this.around.outbox.unsent(account).length);
  }
}
