/** What travels between the phone and the server, and what the phone keeps. The wire follows the API's own words. */

export type Id = string; // UUIDv7, made by whoever creates the record
export type Iso = string; // aware ISO 8601

export type Standing =
  | "untried" | "tried" | "partly" | "refused" | "reached" | "vacant" | "not_dwelling";
export type Channel = "phone" | "chat" | "self" | "door" | "owner" | "meter" | "list";
export type Source = "self" | "phone" | "door" | "owner" | "neighbour" | "meter" | "list";
export type OutcomeCode =
  | "answered" | "no_answer" | "wrong_number" | "line_off" | "locked" | "moved" | "language" | "not_now"
  | "refused" | "vacant" | "not_dwelling";
export type Use =
  | "owner" | "rented" | "vacant" | "shop" | "dormitory" | "shed" | "unallocated" | "unknown";
export type Presence = "here" | "away" | "moved" | "dead";
export type Language = "zh-hans" | "en";

// ---- what a pull brings -------------------------------------------------------------------------------------------

/** Empty values are left out of the JSON: read every list and text through `?? []`, `?? ""`. */
export interface Member {
  id: Id;
  name: string;
  relation?: string;
  birth_year?: number;
  presence?: Presence;
  presence_note?: string;
  needs?: string[];
  mobile?: boolean;
}

export interface Contact {
  id: Id;
  role?: "resident" | "owner";
  name?: string;
  phone?: string; // in clear or masked, as the reader's role allows
  person_id?: Id;
}

export interface Household {
  id: Id;
  declared_size?: number;
  known?: number;
  unnamed?: number;
  note?: string;
  members?: Member[];
  contacts?: Contact[];
}

export interface Attempt {
  id: Id;
  at: Iso;
  channel: Channel;
  source: Source;
  outcome: OutcomeCode;
  household_id?: Id;
  by?: string; // a post's name, or "you"
  appointment_at?: Iso;
  seen?: Id[];
  seen_unnamed?: number;
  note?: string;
  corrects?: Id;
}

export interface DoorRound {
  round_id: Id;
  standing: Standing;
  since?: Iso;
  attempts?: Attempt[];
}

export interface Door {
  id: Id;
  place?: string;
  building?: string;
  entrance?: string;
  room?: string;
  floor?: number;
  sort?: string;
  area_id?: Id;
  grid_id?: Id;
  use?: Use;
  review?: string;
  v: number;
  mine?: "answers" | "supports" | "area";
  label: string; // the address as people here write it
  households?: Household[];
  owners?: Contact[];
  safety?: string[];
  rounds?: DoorRound[];
}

export interface FormRef {
  id: Id;
  version: string;
  hash: string;
  title: { zh?: string; en?: string };
}

export interface Round {
  id: Id;
  name: string;
  from: Iso;
  to: Iso;
  due_hours?: number;
  form?: FormRef | null;
  outcomes?: OutcomeCode[];
}

export interface Account {
  id: Id;
  login: string;
  name: string;
  language?: Language;
  roles?: string[];
  verbs?: string[];
}

export interface Post { id: Id; name: string; area_id?: Id; area_name?: string }
export interface Area { id: Id; name: string; path_name?: string }
export interface Grid { id: Id; name: string }
export interface Places { areas: Area[]; grids: Grid[] }

/** One of this account's items about which the office has to, or did, decide. */
export interface ItemNotice {
  id: Id; // the item's
  kind: ItemKind | string;
  status: "held" | "conflict" | "waiting" | "applied" | "dismissed";
  why?: string;
  message?: string; // what it means and what to do, in the reader's language
  door_id?: Id | null;
  decided_at?: Iso | null;
}

export interface PullAnswer {
  cursor: string;
  more?: boolean;
  reset?: boolean;
  server_time: Iso;
  account?: Account;
  posts?: Post[];
  places?: Places;
  rounds?: Round[];
  doors?: Door[];
  gone?: Id[];
  notices?: ItemNotice[];
  sealing_key?: SealingKey;
}

export interface PullRequest {
  cursor: string | null;
  app_version: string;
  device_now: Iso;
  waiting: number;
  oldest_waiting: Iso | null;
  storage: StorageState | null;
  evicted: boolean;
}

export interface StorageState { used: number; quota: number; persisted: boolean }
export interface SealingKey { id: string; kem: "P-256"; public: string }

export interface SignInRequest {
  login: string;
  password: string;
  code?: string;
  device_id: Id;
  label: string;
  platform: string;
  app_version: string;
}

export type ActivateRequest = Omit<SignInRequest, "login"> & { code: string };

export interface SignInAnswer {
  token: string;
  device_id: Id;
  account: Account;
  sealing_key: SealingKey;
  server_time: Iso;
  oldest_version: string;
}

// ---- what a push sends --------------------------------------------------------------------------------------------

export interface NewMember {
  id: Id;
  household_id?: Id | null;
  name: string;
  relation?: string;
  birth_year?: number | null;
  phone?: string;
  mobile?: boolean;
}

export interface NewDoor {
  area_id: Id;
  place: string;
  building?: string;
  entrance?: string;
  room: string;
  use?: Use;
  grid_id?: Id | null;
}

/** In `answers` null means "not obtained". Nothing has a default that claims something. */
export interface VisitBody {
  round_id: Id;
  door_id: Id;
  household_id?: Id | null;
  channel: Channel;
  source: Source;
  outcome: OutcomeCode;
  device_at: Iso;
  seen?: Id[];
  seen_unnamed?: number;
  answers?: Record<string, unknown>;
  note?: string;
  findings?: { code: string; person?: Id | null }[];
  appointment_at?: Iso | null;
  corrects?: Id | null;
  new_members?: NewMember[];
  new_door?: NewDoor | null;
  form_version?: string;
}

export type EditRecord = "person" | "household" | "contact" | "door";
export type FieldValue = string | number | boolean | string[] | null;
export type Fields = Record<string, FieldValue>;

export interface EditBody { record: EditRecord; record_id: Id; door_id: Id; base: Fields; mine: Fields }
export interface MemberBody { door_id: Id; household_id: Id | null; member: NewMember }
export interface LeftBody { door_id: Id; person_id: Id; how: "moved" | "dead"; note?: string }
export interface OwnerBody { door_id: Id; contact: { id: Id; name?: string; phone: string } }
export interface SafetyBody { door_id: Id; text: string }
export interface CalledBody { door_id: Id; contact_id: Id }

export interface Bodies {
  visit: VisitBody;
  edit: EditBody;
  member: MemberBody;
  left: LeftBody;
  owner: OwnerBody;
  safety: SafetyBody;
  called: CalledBody;
}
export type ItemKind = keyof Bodies;

/** One thing typed, as it is sent and as it lies in the seal. */
export type Item = { [K in ItemKind]: { id: Id; kind: K; at: Iso; body: Bodies[K] } }[ItemKind];
export interface SealedItem { id: Id; sealed: string; key: string }

export interface PushRequest { device_now: Iso; items: (Item | SealedItem)[] }
export interface PushResult {
  id: Id;
  status: "stored" | "already" | "held" | "conflict" | "waiting";
  why?: string;
  message?: string;
}
export interface PushAnswer { server_time: Iso; results: PushResult[]; sealing_key?: SealingKey }

// ---- what the phone keeps -----------------------------------------------------------------------------------------

/** Under the vault: AES-GCM with the random data key. */
export interface Sealed { iv: Uint8Array<ArrayBuffer>; ct: ArrayBuffer }

/**
 * How far an item got. `waiting`: only here. `sent`: on its way, no answer yet. `stored`: the server has applied it.
 * `held` and `conflict`: the office has to decide. `waits`: the server has it, something it needs has not arrived.
 * `applied` / `dismissed`: what the office decided. `too_large`: cannot be sent as it is.
 */
export type ItemState =
  | "waiting" | "sent" | "stored" | "held" | "conflict" | "waits" | "applied" | "dismissed" | "too_large";

export interface OutboxRow {
  n?: number; // the order in which things were typed
  id: Id;
  account: Id;
  state: ItemState;
  at: Iso;
  sealed: string; // to the server's public key, made in the moment of typing
  key: string;
  readable?: Sealed; // the same under the vault; gone after a wipe
  why?: string;
  tries: number;
  changed: number; // milliseconds
}

export interface BucketRow { n: number; data: Sealed }
export interface DraftRow { key: string; data: Sealed; changed: number }
export interface FormRow { hash: string; id: Id; version: string; xform: string; used: number }
export interface MetaRow { key: string; value: unknown }

/** An item of the outbox as screens show it. `item` is absent after a wipe, until it was sent. */
export interface OutboxItem {
  id: Id;
  at: Iso;
  state: ItemState;
  why?: string;
  message?: string;
  item?: Item;
  door_id?: Id;
  mine: boolean; // false: typed under another account, waits until that one signs in
}

// ---- what screens read --------------------------------------------------------------------------------------------

/** An attempt with how far it got; undefined: it came from the server. */
export interface AttemptView extends Attempt { state?: ItemState; why?: string }
export interface DoorRoundView extends DoorRound { attempts: AttemptView[]; waiting: boolean; appointment_at?: Iso }
export interface MemberView extends Member { state?: ItemState }
export interface HouseholdView extends Household { members: MemberView[]; contacts: Contact[] }

/** The record that was pulled, with what was typed here and has not come back yet laid over it. */
export interface DoorView extends Door {
  households: HouseholdView[];
  owners: Contact[];
  safety: string[];
  rounds: DoorRoundView[];
  is_new: boolean; // added here, not yet in a pull
  unsent: number; // items about this door that the server does not have
  attention: number; // items held or in conflict
}

export interface DoorFilter {
  text?: string; // address, room or a person's name
  place?: string;
  building?: string;
  round_id?: Id; // default: any open round
  show?: "waiting" | "done" | "all" | "appointments" | "unsent";
  mine?: Door["mine"];
}

export interface DoorRow {
  id: Id;
  label: string;
  place: string;
  building: string;
  entrance: string;
  room: string;
  round_id?: Id; // the round that asks for most work
  standing: Standing;
  waiting: boolean; // somebody still has to go there
  overdue: boolean;
  since?: Iso;
  appointment_at?: Iso;
  last?: AttemptView;
  tries: number;
  people: number;
  safety: boolean;
  unsent: number;
  attention: number;
}
