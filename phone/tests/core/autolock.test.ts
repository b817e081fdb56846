/** When a phone that is put down locks itself, minute by minute. */
import { expect, test } from "vitest";

import { AutoLock } from "../../src/core/autolock";
import type { Platform } from "../../src/core/platform";

const MINUTE = 60_000;

class Evening {
  clock = Date.parse("2020-02-14T18:00:00Z");
  sending = false;
  lockedAfter: number | null = null; // minutes
  readonly lock: AutoLock;
  readonly #begun = this.clock;
  #next: { at: number; work: () => void } | null = null;

  constructor() {
    const platform = {
      now: () => this.clock,
      later: (wait: number, work: () => void) => {
        this.#next = { at: this.clock + wait, work };
        return () => void (this.#next = null);
      },
    } as Partial<Platform> as Platform;
    this.lock = new AutoLock(platform, () => this.#locked(), () => this.sending);
    this.lock.start();
  }

  pass(minutes: number): void {
    const until = this.clock + minutes * MINUTE;
    while (this.#next && this.#next.at <= until) {
      const { at, work } = this.#next;
      this.clock = at;
      work();
    }
    this.clock = until;
  }

  #locked(): void {
    this.lockedAfter ??= Math.round((this.clock - this.#begun) / MINUTE);
    this.lock.stop();
  }
}

test("five minutes without a touch", () => {
  const evening = new Evening();
  evening.pass(4);
  evening.lock.touched();
  evening.pass(4);
  expect(evening.lockedAfter).toBeNull();
  evening.pass(2);
  expect(evening.lockedAfter).toBe(9);
});

test("what is still being sent is sent first", () => {
  const evening = new Evening();
  evening.sending = true;
  evening.pass(8);
  expect(evening.lockedAfter).toBeNull();
  evening.sending = false;
  evening.pass(1);
  expect(evening.lockedAfter).toBe(8);
});

test("a line that never ends keeps nothing open beyond fifteen minutes", () => {
  const evening = new Evening();
  evening.sending = true;
  evening.pass(60);
  expect(evening.lockedAfter).toBe(15);
});

test("a phone that slept is locked when it wakes, sending or not, and so is one whose clock was set back", () => {
  const asleep = new Evening();
  asleep.sending = true;
  asleep.clock += 120 * MINUTE;
  asleep.lock.check();
  expect(asleep.lockedAfter).toBe(120);
  const back = new Evening();
  back.clock -= MINUTE;
  back.lock.check();
  expect(back.lockedAfter).toBe(-1);
});
