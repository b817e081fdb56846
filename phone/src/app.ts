/** What the screens see of the phone: one object. They never touch the database, the vault or the network themselves. */

import { inject, type ComputedRef, type InjectionKey, type MaybeRefOrGetter, type ShallowRef } from "vue";

import type {
  Account, Bodies, DoorFilter, DoorRow, DoorView, EditBody, FormRef, Id, ItemKind, ItemNotice, Iso, Language,
  LeftBody, NewDoor, NewMember, OutboxItem, OwnerBody, Places, Post, Round, StorageState, VisitBody,
} from "./store/types";

/** `starting`: reading the store. `signed_out`: nobody here. `no_pin`: signed in, a PIN must be set. */
export type Phase = "starting" | "signed_out" | "no_pin" | "locked" | "open" | "unusable";

/** A stable code and what fills its text; the text is made by i18n. `message` is the server's, in the reader's language. */
export interface Trouble { code: string; params?: Record<string, string | number>; message?: string }
export class Refused extends Error implements Trouble {
  constructor(readonly code: string, readonly params: Record<string, string | number> = {}, message = "") {
    super(message || code);
  }
}

export interface Status {
  phase: Phase;
  language: Language;
  account: Account | null;
  online: boolean; // what the browser says; `trouble` tells what the last contact said
  syncing: boolean;
  progress: { doors: number; sent: number } | null; // while syncing
  last_contact: Iso | null; // when a pull last came through
  trouble: Trouble | null; // why the last try failed; null after a success
  waiting: number; // items the server does not have yet
  oldest_waiting: Iso | null;
  attention: number; // held or in conflict
  elsewhere: number; // items typed under another account of this phone
  must_sign_in: boolean; // the server no longer knows this phone; what was typed stays
  too_old: string | null; // the oldest version the server still talks to, when this one is older
  update_ready: boolean;
  online_only: boolean; // a chat app's browser: nothing is promised without a network
  wiped: { why: "pin" | "device.revoked" | "account.closed" | "signed_out"; at: Iso } | null;
  evicted: { waiting: number } | null; // the browser threw the store away; so many items had been waiting
  full: boolean; // the phone's storage is full: what was typed last was NOT kept, the screen must say so
  storage: StorageState | null;
  clock_off: number; // seconds this phone's clock is ahead of the server's
  tries_left: number; // for the PIN
  device_id: Id;
  version: string;
}

/** Names what `visit` needs; the rest is filled in: id, device_at. */
export type VisitDraft = Omit<VisitBody, "device_at"> & { device_at?: Iso };

export interface Drafts {
  /** Kept under the vault, survives a killed app. Throws Refused("phone.full") when it could not be kept. */
  put(key: string, value: unknown): Promise<void>;
  get<T>(key: string): Promise<T | undefined>;
  remove(key: string): Promise<void>;
  /** Newest first. A visit's draft has the key `visit:<door>:<round>`. */
  list(prefix?: string): Promise<{ key: string; changed: Iso }[]>;
}

export interface App {
  readonly status: Readonly<ShallowRef<Status>>;

  // -- who is here
  start(): Promise<void>;
  signIn(given: { login: string; password: string; code?: string }): Promise<void>; // Refused: phone.sign_in_wrong, phone.code_needed, phone.account_closed, phone.offline, phone.throttled
  /** The first password, with the one-time code printed by the office (typed, or scanned: its last path segment); then as signIn. */
  activate(given: { code: string; password: string }): Promise<void>;
  setPin(pin: string): Promise<void>; // Refused: pin.too_short, pin.too_simple
  changePin(old: string, pin: string): Promise<void>; // Refused: pin.wrong, pin.too_short, pin.too_simple
  unlock(pin: string): Promise<void>; // Refused: pin.wrong {left}, pin.wiped
  lock(): void;
  touched(): void; // any use of the screen: puts off the automatic lock
  /** Sends what waits first. Refused: phone.waiting {left} unless `leave`, which keeps the sealed items for this account. */
  signOut(options?: { leave?: boolean }): Promise<void>;
  setLanguage(language: Language): void;

  // -- what is known (empty while locked)
  readonly doors: Readonly<ShallowRef<ReadonlyMap<Id, DoorView>>>;
  readonly rounds: Readonly<ShallowRef<readonly Round[]>>;
  readonly posts: Readonly<ShallowRef<readonly Post[]>>;
  readonly places: Readonly<ShallowRef<Places>>;
  readonly notices: Readonly<ShallowRef<readonly ItemNotice[]>>;
  readonly outbox: Readonly<ShallowRef<readonly OutboxItem[]>>; // newest first; stored ones stay two days
  /** In order of work: due appointments, then oldest unreached first. */
  list(filter: MaybeRefOrGetter<DoorFilter>): ComputedRef<DoorRow[]>;
  door(id: MaybeRefOrGetter<Id>): ComputedRef<DoorView | undefined>;
  /** Distinct places and buildings of what is here, for filters. */
  buildings(): ComputedRef<{ place: string; building: string; doors: number; waiting: number }[]>;
  /** For "search before create": doors whose address or people look like this. */
  alike(text: string): DoorRow[];
  /** What a scanned or typed code stands for; undefined: nothing that is here. */
  doorOfCode(code: string): Id | undefined;

  // -- what is typed: kept, sealed and shown at once; returns the item's id. Refused: phone.full, phone.locked
  record<K extends ItemKind>(kind: K, body: Bodies[K]): Promise<Id>;
  recordVisit(visit: VisitDraft): Promise<Id>;
  addDoor(found: { round_id: Id; door: NewDoor; visit: Omit<VisitDraft, "round_id" | "door_id" | "new_door"> }): Promise<{ door_id: Id; item_id: Id }>;
  addMember(door_id: Id, household_id: Id | null, member: Omit<NewMember, "id" | "household_id">): Promise<Id>;
  edit(change: EditBody): Promise<Id>;
  left(body: LeftBody): Promise<Id>;
  addOwner(door_id: Id, contact: Omit<OwnerBody["contact"], "id">): Promise<Id>;
  addSafety(door_id: Id, text: string): Promise<Id>;
  called(door_id: Id, contact_id: Id): Promise<Id>;
  /** Undo: takes an item back while it has surely not left the phone. False: too late, correct it instead. */
  withdraw(item_id: Id): Promise<boolean>;
  newId(): Id;

  // -- questionnaires
  readonly drafts: Drafts;
  /** The XForm's XML: from the store, else from the server. Refused: phone.form_missing while offline. */
  xform(form: FormRef): Promise<string>;

  // -- the server
  syncNow(): Promise<void>; // never throws: see status.trouble
  reloadForUpdate(): void; // the new version takes over; nothing typed is lost
}

export const appKey: InjectionKey<App> = Symbol("firstline");
export function useApp(): App {
  const app = inject(appKey);
  if (!app) throw new Error("no app was provided");
  return app;
}
