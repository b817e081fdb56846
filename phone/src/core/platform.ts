/** What the phone needs from where it runs: a browser (shell/browser.ts), or a test that makes all of it fail. */

import type { Database } from "../store/db";
import type { StorageState } from "../store/types";
import type { Fetch } from "../sync/api";

export interface Platform {
  database: Database;
  fetch: Fetch;
  origin: string; // "" in a browser
  now: () => number;
  random: () => number;
  later: (milliseconds: number, work: () => void) => () => void;
  /** One at a time among the tabs of this phone; false: another one is at it. */
  alone: (work: () => Promise<void>) => Promise<boolean>;
  /** Other tabs of this phone. */
  tabs: { tell: (what: TabNews) => void; hear: (listen: (what: TabNews) => void) => void };
  /** Lies outside the database, so that a store the browser threw away is noticed. */
  marker: { read: () => Marker | null; write: (marker: Marker | null) => void };
  storage: () => Promise<StorageState | null>;
  persist: () => Promise<void>; // asks the browser not to throw the store away
  isOnline: () => boolean;
  onOnline: (listen: (online: boolean) => void) => void;
  onVisible: (listen: (visible: boolean) => void) => void;
  label: string;
  name: string; // platform
  version: string;
  language: { read: () => string | null; write: (language: string) => void };
  onlineOnly: boolean;
  usable: boolean; // WebCrypto and IndexedDB are there (a page without https has neither)
  update?: () => void; // lets the waiting version take over
  pinRounds?: number;
  idle?: number; // milliseconds without a touch until it locks itself
}

export type TabNews = "doors" | "outbox" | "gone";
export interface Marker { device: string; waiting: number }
