/** A phone that is put down locks itself. */

import type { Platform } from "./platform";

const IDLE = 5 * 60_000;

export class AutoLock {
  #touched = 0;
  #on = false;
  #cancel: () => void = () => undefined;

  constructor(private readonly platform: Platform, private readonly lock: () => void) {}

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
    if (passed >= this.#idle || passed < 0) this.lock();
    else this.#plan(this.#idle - passed);
  }

  #plan(wait: number): void {
    this.#cancel();
    this.#cancel = this.platform.later(wait, () => this.check());
  }

  get #idle(): number {
    return this.platform.idle ?? IDLE;
  }
}
