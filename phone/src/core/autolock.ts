/** A phone that is put down locks itself. One that is still sending the day's work does so when that is done, but soon. */

import type { Platform } from "./platform";

const IDLE = 5 * 60_000;
const SENDING = 3; // times as long, at most, while it is sending: on a slow line the last of 300 phones need that
const AGAIN = 5_000;

export class AutoLock {
  #touched = 0;
  #on = false;
  #cancel: () => void = () => undefined;

  constructor(private readonly platform: Platform, private readonly lock: () => void, private readonly isSending: () => boolean) {}

  start(): void {
    this.#on = true;
    this.#touched = this.platform.now();
    this.#plan(this.#idle);
  }

  stop(): void {
    this.#on = false;
    this.#cancel();
  }

  touched(): void {
    this.#touched = this.platform.now();
  }

  /** Timers stand still while a phone sleeps: asked again when the page is seen. A clock set back counts as time too. */
  check(): void {
    if (!this.#on) return;
    const passed = this.platform.now() - this.#touched;
    if (passed < 0 || passed >= this.#idle * SENDING) this.lock();
    else if (passed < this.#idle) this.#plan(this.#idle - passed);
    else if (this.isSending()) this.#plan(AGAIN);
    else this.lock();
  }

  #plan(wait: number): void {
    this.#cancel();
    this.#cancel = this.platform.later(wait, () => this.check());
  }

  get #idle(): number {
    return this.platform.idle ?? IDLE;
  }
}
