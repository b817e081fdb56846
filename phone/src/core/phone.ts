/** The phone: everything put together behind the one object that screens see. Runs in a browser and, for tests, in Node. */

import { Refused, type App, type Drafts, type Status, type VisitDraft } from "../app";
import { idInCode, newId } from "../rules/ids";
import { doorOf } from "../rules/overlay";
import { isFull } from "../store/db";
import { Doors } from "../store/doors";
import { Drafts as DraftStore } from "../store/drafts";
import { Forms } from "../store/forms";
import { Outbox } from "../store/outbox";
import type {
  Bodies, DoorRow, EditBody, FormRef, Id, ItemKind, Language, LeftBody, NewDoor, NewMember, OwnerBody, PullAnswer, PullRequest,
} from "../store/types";
import { Vault } from "../store/vault";
import { Failed, wire, type Wire } from "../sync/api";
import { Engine } from "../sync/engine";
import { AutoLock } from "./autolock";
import type { Platform, TabNews } from "./platform";
import { refused, Session } from "./session";
import { StatusBoard } from "./status";
import { Views } from "./views";

export class Phone implements App {
  readonly #board: StatusBoard;
  readonly #vault: Vault;
  readonly #store: Doors;
  readonly #box: Outbox;
  readonly #forms: Forms;
  readonly #wire: Wire;
  readonly #session: Session;
  readonly #engine: Engine;
  readonly #views: Views;
  readonly #autoLock: AutoLock;
  readonly drafts: Drafts;

  constructor(private readonly platform: Platform) {
    const { database, now, version, onlineOnly } = platform;
    const language = platform.language.read() === "en" ? "en" : "zh-hans";
    this.#board = new StatusBoard({ version, online_only: onlineOnly, language, online: platform.isOnline() });
    this.#vault = new Vault(database, platform.pinRounds);
    this.#store = new Doors(database, this.#vault);
    this.#box = new Outbox(database, this.#vault, now);
    this.#forms = new Forms(database, now);
    this.drafts = new DraftStore(database, this.#vault, now);
    this.#wire = wire(platform.fetch, () => this.#board.now.language, platform.origin);
    this.#session = new Session(platform, database, this.#vault, this.#box, this.#wire, this.#board);
    this.#views = new Views(this.#store, this.#box, () => this.#session.who?.account.id ?? null);
    this.#autoLock = new AutoLock(platform, () => this.lock(), () => this.#isSending);
    this.#engine = this.#makeEngine();
  }

  get status() { return this.#board.ref; }
  get doors() { return this.#views.doors; }
  get rounds() { return this.#views.rounds; }
  get posts() { return this.#views.posts; }
  get places() { return this.#views.places; }
  get notices() { return this.#views.notices; }
  get outbox() { return this.#views.outbox; }
  list(filter: Parameters<App["list"]>[0]) { return this.#views.list(filter); }
  door(id: Parameters<App["door"]>[0]) { return this.#views.door(id); }
  buildings() { return this.#views.buildings(); }
  alike(text: string): DoorRow[] { return this.#views.alike(text); }
  newId(): Id { return newId(this.platform.now()); }

  // -- who is here

  async start(): Promise<void> {
    if (!this.platform.usable) return this.#board.set({ phase: "unusable" });
    await this.#session.begin();
    await this.#box.load();
    this.#count();
    this.platform.onOnline((online) => this.#online(online));
    this.platform.onVisible((visible) => this.#visible(visible));
    this.platform.tabs.hear((news) => void this.#otherTab(news));
  }

  signIn(given: { login: string; password: string; code?: string }): Promise<void> {
    return this.#entered(this.#session.signIn(given));
  }

  activate(given: { code: string; password: string }): Promise<void> {
    return this.#entered(this.#session.activate(given));
  }

  async #entered(entering: Promise<"open" | "no_pin">): Promise<void> {
    const where = await entering.finally(() => this.#afterPin());
    if (where === "open") this.#engine.nudge(false);
    else this.#close();
    this.#count();
  }

  async setPin(pin: string): Promise<void> {
    await this.#session.setPin(pin);
    void this.platform.persist();
    await this.#open();
  }

  changePin(old: string, pin: string): Promise<void> {
    return this.#session.changePin(old, pin).finally(() => this.#afterPin());
  }

  async unlock(pin: string): Promise<void> {
    await this.#session.unlock(pin).finally(() => this.#afterPin());
    await this.#open();
  }

  #afterPin(): void {
    if (this.#board.now.phase !== "signed_out") return;
    this.#close();
    this.platform.tabs.tell("gone");
  }

  async #open(): Promise<void> {
    await Promise.all([this.#store.load(), this.#box.load()]);
    this.#views.showAll(this.platform.now());
    this.#count();
    this.#board.set({ phase: "open" });
    this.#autoLock.start();
    this.#engine.start();
  }

  lock(): void {
    if (this.#board.now.phase !== "open") return;
    this.#vault.lock();
    this.#session.who = null;
    this.#close();
    this.#board.set({ phase: "locked" });
  }

  #close(): void {
    this.#engine.stop();
    this.#autoLock.stop();
    this.#store.forget();
    this.#box.forgetReadable();
    this.#views.hide();
    this.#count();
  }

  get #isSending(): boolean {
    return this.#board.now.syncing && this.#board.now.waiting > 0;
  }

  touched(): void {
    this.#autoLock.touched();
  }

  async signOut({ leave = false }: { leave?: boolean } = {}): Promise<void> {
    if (this.#session.who?.token) await this.#engine.sync();
    const left = this.#board.now.waiting;
    if (left && !leave) throw new Refused("phone.waiting", { left });
    const token = this.#session.who?.token;
    if (token) await this.#wire.signOut(token).catch(() => undefined);
    await this.#session.forget("signed_out");
    this.#afterPin();
  }

  setLanguage(language: Language): void {
    this.platform.language.write(language);
    this.#board.set({ language });
  }

  // -- what is typed

  async record<K extends ItemKind>(kind: K, body: Bodies[K]): Promise<Id> {
    const account = this.#session.who?.account.id;
    if (!account) throw new Refused("phone.locked");
    try {
      const { row } = await this.#box.add(kind, body, account, await this.#session.sealingKey());
      this.#board.set({ full: false });
      this.#typed(body.door_id);
      return row.id;
    } catch (error) {
      if (error instanceof Refused && error.code === "phone.full") this.#board.set({ full: true });
      throw error;
    }
  }

  #typed(door: Id): void {
    this.touched();
    this.#views.showDoors([door], this.platform.now());
    this.#count();
    this.platform.tabs.tell("outbox");
    this.#engine.nudge();
  }

  async withdraw(id: Id): Promise<boolean> {
    const entry = await this.#box.withdraw(id);
    if (entry?.item) this.#views.showDoors([doorOf(entry.item)], this.platform.now());
    this.#count();
    this.platform.tabs.tell("outbox");
    return entry !== undefined;
  }

  recordVisit(visit: VisitDraft): Promise<Id> {
    return this.record("visit", { device_at: new Date(this.platform.now()).toISOString(), ...visit });
  }

  async addDoor({ round_id, door, visit }: Parameters<App["addDoor"]>[0]): Promise<{ door_id: Id; item_id: Id }> {
    const door_id = this.newId();
    const new_door: NewDoor = door;
    return { door_id, item_id: await this.recordVisit({ ...visit, round_id, door_id, new_door }) };
  }

  addMember(door_id: Id, household_id: Id | null, member: Omit<NewMember, "id" | "household_id">): Promise<Id> {
    return this.record("member", { door_id, household_id, member: { id: this.newId(), ...member } });
  }

  edit(change: EditBody): Promise<Id> { return this.record("edit", change); }
  left(body: LeftBody): Promise<Id> { return this.record("left", body); }
  addSafety(door_id: Id, text: string): Promise<Id> { return this.record("safety", { door_id, text }); }
  called(door_id: Id, contact_id: Id): Promise<Id> { return this.record("called", { door_id, contact_id }); }
  addOwner(door_id: Id, contact: Omit<OwnerBody["contact"], "id">): Promise<Id> {
    return this.record("owner", { door_id, contact: { id: this.newId(), ...contact } });
  }

  doorOfCode(code: string): Id | undefined {
    const id = idInCode(code);
    return id && this.doors.value.has(id) ? id : undefined;
  }

  // -- questionnaires

  async xform(form: FormRef): Promise<string> {
    const kept = await this.#forms.get(form.hash);
    if (kept) return kept;
    const token = this.#session.who?.token;
    if (!token) throw new Refused("phone.form_missing");
    const fetched = await this.#wire.form(token, form).catch((error: unknown) => {
      throw error instanceof Failed && error.status ? refused(error) : new Refused("phone.form_missing");
    });
    await this.#forms.keep(form, fetched);
    return fetched;
  }

  /** Before the phone goes out of reach. */
  async #fetchForms(): Promise<void> {
    const wanted = this.#store.head.rounds.flatMap((round) => (round.form ? [round.form] : []));
    for (const form of await this.#forms.missing(wanted)) await this.xform(form).catch(() => undefined);
  }

  // -- the server

  syncNow(): Promise<void> {
    return this.#engine.sync();
  }

  reloadForUpdate(): void {
    this.platform.update?.();
  }

  updateReady(): void {
    this.#board.set({ update_ready: true });
  }

  #makeEngine(): Engine {
    const { database, now, random, alone, later } = this.platform;
    return new Engine({
      wire: this.#wire, doors: this.#store, outbox: this.#box, now, random, alone, later,
      who: () => (this.#session.who?.token ? { token: this.#session.who.token, account: this.#session.who.account.id } : null),
      about: () => this.#about(),
      batchSize: { get: async () => (await database.get<number>("batch")) ?? 0, set: (size) => database.put("batch", size) },
      heard: {
        began: () => this.#board.set({ syncing: true, progress: { doors: 0, sent: 0 } }),
        sent: (sent) => this.#sent(sent),
        page: (page, changed) => this.#page(page, changed),
        key: (key) => this.#session.sealTo(key),
        clock: (clock_off) => this.#board.set({ clock_off }),
        done: () => this.#done(),
        failed: (error) => this.#failed(error),
        unknown: () => this.#unknown(),
        wipe: (why, left) => this.#lostAccess(why, left),
        tooOld: (too_old) => this.#board.set({ too_old, syncing: false, progress: null }),
      },
    });
  }

  async #about(): Promise<Omit<PullRequest, "cursor" | "device_now">> {
    const { waiting, oldest_waiting, version } = this.#board.now;
    const evicted = (await this.platform.database.get("evicted")) !== undefined;
    return { app_version: version, waiting, oldest_waiting, storage: await this.platform.storage(), evicted };
  }

  #sent(sent: number): void {
    const before = this.#board.now.progress ?? { doors: 0, sent: 0 };
    this.#views.showAll(this.platform.now());
    this.#count();
    this.#board.set({ progress: { ...before, sent: before.sent + sent } });
    this.platform.tabs.tell("outbox");
  }

  async #page(page: PullAnswer, changed: ReadonlySet<Id>): Promise<void> {
    if (page.sealing_key) await this.#session.sealTo(page.sealing_key);
    if (page.account) await this.#session.renew(page.account);
    const { who } = this.#session;
    if (!who) return; // locked meanwhile: nothing is shown
    if (page.notices) await this.#box.told(page.notices, who.account.id);
    if (page.rounds || page.posts || page.places || page.notices || page.reset) this.#views.showAll(this.platform.now());
    else if (changed.size) this.#views.showDoors(changed, this.platform.now());
    const before = this.#board.now.progress ?? { doors: 0, sent: 0 };
    this.#board.set({ progress: { ...before, doors: before.doors + changed.size } });
  }

  async #done(): Promise<void> {
    const last_contact = new Date(this.platform.now()).toISOString();
    await this.platform.database.put("last_contact", last_contact);
    await this.platform.database.meta.bulkDelete(["evicted"]); // the office has been told; the screen says it until closed
    this.#count();
    this.#board.set({ last_contact, trouble: null, too_old: null, syncing: false, progress: null, storage: await this.platform.storage() });
    this.platform.tabs.tell("doors");
    await this.#fetchForms();
  }

  #failed(error: unknown): void {
    this.#count();
    const trouble = this.#session.who ? troubleOf(error) : this.#board.now.trouble; // that it was locked is no trouble
    this.#board.set({ syncing: false, progress: null, trouble });
  }

  async #unknown(): Promise<void> {
    await this.#session.lostToken();
    this.#board.set({ syncing: false, progress: null });
    this.#count();
  }

  /** The records go at once; where something is still to be sent, the way to send it stays until it is. */
  async #lostAccess(why: string, left: number): Promise<void> {
    const reason = why as NonNullable<Status["wiped"]>["why"];
    this.#board.set({ syncing: false, progress: null });
    if (left) {
      await this.#session.forgetRecords(reason);
      this.#store.forget();
      await this.#store.load();
      this.#views.showAll(this.platform.now());
      this.#count();
      throw new Failed(0, "phone.offline"); // so that it is tried again soon
    }
    await this.#session.forget(reason);
    this.#afterPin();
  }

  // -- around

  #count(): void {
    const account = this.#session.who?.account.id ?? null;
    const { waiting, oldest, attention, elsewhere } = this.#box.counts(account);
    const unknown = account === null; // locked: all that waits here is counted as one's own
    const all = unknown ? waiting + elsewhere : waiting;
    this.#board.set({ waiting: all, oldest_waiting: oldest, attention, elsewhere: unknown ? 0 : elsewhere });
    const nothing = all + elsewhere === 0 && this.#board.now.phase === "signed_out";
    this.platform.marker.write(nothing ? null : { device: this.#session.device, waiting: all + (unknown ? 0 : elsewhere) });
  }

  #online(online: boolean): void {
    this.#board.set({ online });
    if (online) this.#engine.nudge(false);
  }

  #visible(visible: boolean): void {
    if (!visible) return;
    this.#autoLock.check();
    if (this.#board.now.phase !== "open") return;
    this.#views.minute.value = this.platform.now();
    this.#engine.nudge(false);
  }

  async #otherTab(news: TabNews): Promise<void> {
    if (this.#board.now.phase === "open" && !(await this.#vault.isMine())) this.lock();
    if (this.#board.now.phase === "locked" && !(await this.#vault.exists())) this.#board.set({ phase: "signed_out", account: null });
    await this.#box.load();
    this.#count();
    if (this.#board.now.phase !== "open") return;
    if (news === "doors") await this.#store.load();
    this.#views.showAll(this.platform.now());
  }
}

function troubleOf(error: unknown): Status["trouble"] {
  if (error instanceof Failed) {
    const { code, params, message } = refused(error);
    return { code, params, message };
  }
  if (error instanceof Refused) return { code: error.code, params: error.params };
  return { code: isFull(error) ? "phone.full" : "phone.broken" };
}

