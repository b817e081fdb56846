/** What the phone says of itself, in one place; screens follow it. */

import { shallowRef, type ShallowRef } from "vue";

import type { Status } from "../app";

export class StatusBoard {
  readonly ref: ShallowRef<Status>;

  constructor(first: Partial<Status>) {
    this.ref = shallowRef({ ...EMPTY, ...first });
  }

  get now(): Status {
    return this.ref.value;
  }

  set(change: Partial<Status>): void {
    this.ref.value = { ...this.ref.value, ...change };
  }
}

const EMPTY: Status = {
  phase: "starting",
  language: "zh-hans",
  account: null,
  online: true,
  syncing: false,
  progress: null,
  last_contact: null,
  trouble: null,
  waiting: 0,
  oldest_waiting: null,
  attention: 0,
  elsewhere: 0,
  must_sign_in: false,
  too_old: null,
  update_ready: false,
  online_only: false,
  wiped: null,
  evicted: null,
  full: false,
  storage: null,
  clock_off: 0,
  tries_left: 5,
  device_id: "",
  version: "",
};
