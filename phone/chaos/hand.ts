/** A worker's hand on one phone: types, takes back, locks, forgets the PIN, drops the phone; and remembers what was typed. */

import type { Phone } from "../src/core/phone";
import type { DoorView, Id, Item, OutcomeCode } from "../src/store/types";
import type { Chance } from "./chance";
import { PIN, sleep, type Pocket } from "./pocket";

const LIKELY = { type: 50, send: 22, takeBack: 8, rest: 10, kill: 5, lock: 3, signOut: 0.7, forgetPin: 0.7 };
const KINDS = { visit: 45, met: 12, correct: 8, member: 8, edit: 14, found: 5, safety: 5, called: 3 };
const OUTCOMES: OutcomeCode[] = ["no_answer", "locked", "not_now", "refused"];

export class Hand {
  typed = new Map<Id, Item | null>(); // null: what it said was wiped before it could be looked at
  back = new Set<Id>();
  unsure = new Set<Id>(); // killed while it was being taken back
  complaints: string[] = [];
  #n = 0;
  #typing: Promise<void> | undefined; // and not waited for

  constructor(readonly pocket: Pocket, private readonly chance: Chance, readonly name: string) {}

  get login(): string {
    return this.pocket.owner.login;
  }

  async switchedOn(): Promise<Phone> {
    if (!this.pocket.app) await sleep(15); // what the killed app was writing ends
    return this.pocket.app ?? this.pocket.start();
  }

  /** In whatever state the phone is: until the doors are open, or the network or the server says no. */
  async enter(): Promise<Phone | null> {
    const app = await this.switchedOn();
    const { phase } = app.status.value;
    try {
      if (phase === "signed_out" || app.status.value.must_sign_in) await app.signIn(this.pocket.owner);
      if (app.status.value.phase === "no_pin") await app.setPin(PIN);
      else if (app.status.value.phase === "locked") await app.unlock(PIN);
    } catch {
      return null;
    }
    this.#remember(app);
    return app.status.value.phase === "open" ? app : null;
  }

  /** What the disk says was typed: also what was being kept when the app was killed. */
  #remember(app: Phone): void {
    for (const { id, item, mine } of app.outbox.value) if (item && mine && !this.typed.has(id)) this.typed.set(id, item);
  }

  /** One thing after another, as long as the app lives. */
  async step(): Promise<void> {
    await this.switchedOn();
    await Promise.race([this.#step(), this.pocket.death]);
  }

  async #step(): Promise<void> {
    const app = await this.enter();
    if (!app) return sleep(50 + this.chance.next() * 200);
    const what = this.chance.pick(LIKELY);
    try {
      await this.#do(app, what);
    } catch (error) {
      this.#understand(app, what, error);
    }
  }

  async #do(app: Phone, what: keyof typeof LIKELY): Promise<void> {
    if (what === "type") await this.#type(app);
    else if (what === "send") await Promise.race([app.syncNow(), sleep(this.chance.next() * 1500)]);
    else if (what === "rest") await sleep(this.chance.next() * 300);
    else if (what === "takeBack") await this.#takeBack(app);
    else if (what === "lock") app.lock();
    else if (what === "signOut") await app.signOut({ leave: true });
    else if (what === "forgetPin") await this.#forgetPin(app);
    else this.#drop(app);
  }

  /** Mostly in the middle of something. */
  #drop(app: Phone): void {
    const doing = this.chance.next();
    if (doing < 0.4) void app.syncNow();
    else if (doing < 0.7) this.#typing = this.#type(app).catch(() => undefined);
    setTimeout(() => this.pocket.app === app && this.pocket.kill(), this.chance.next() * 120);
  }

  async #forgetPin(app: Phone): Promise<void> {
    await this.#typing;
    app.lock();
    for (let n = 0; n < 5; n += 1) await app.unlock("111112").catch(() => undefined);
    if (this.pocket.app !== app) return; // killed meanwhile: wiped at its next start, if it came to that
    if (app.status.value.phase !== "signed_out") this.complaints.push("five wrong PINs did not wipe it");
    await this.wiped("five wrong PINs");
  }

  /** Nothing of people may be left. */
  async wiped(why: string): Promise<void> {
    const left = await this.pocket.look(async (disk) => [await disk.buckets.count(), await disk.drafts.count(), await disk.outbox.filter((row) => Boolean(row.readable)).count()]);
    if (left.some(Boolean)) this.complaints.push(`after ${why} it still holds ${left.join("/")}`);
  }

  /** Anything of the last while, whether it has left the phone or not: only what has not is taken back. */
  async #takeBack(app: Phone): Promise<void> {
    const open = app.outbox.value.filter(({ state }) => state === "waiting" || state === "sent");
    const one = this.chance.of(open);
    if (!one) return;
    this.unsure.add(one.id);
    if (await app.withdraw(one.id)) this.back.add(one.id);
    this.unsure.delete(one.id);
  }

  async #type(app: Phone): Promise<void> {
    const door = this.chance.of([...app.doors.value.values()]);
    if (!door) return;
    const id = await this.#typeAt(app, door, this.chance.pick(KINDS));
    this.#remember(app);
    if (id && !this.typed.has(id)) this.typed.set(id, null);
  }

  #typeAt(app: Phone, door: DoorView, kind: keyof typeof KINDS): Promise<Id | undefined> | undefined {
    const { id: door_id, households } = door;
    const round_id = app.rounds.value[0]?.id;
    const note = `${this.name}-${(this.#n += 1)}`; // like no other
    const visit = { door_id, channel: "door", source: "door", outcome: this.chance.of(OUTCOMES)!, note } as const;
    const home = households.find(({ id }) => id !== "new");
    const person = home?.members.find(({ state }) => !state);
    if (kind === "safety") return app.addSafety(door_id, note);
    if (kind === "member") return app.addMember(door_id, home?.id ?? null, { name: note });
    if (kind === "called") return home?.contacts[0] && !home.contacts[0].id.includes("/") ? app.called(door_id, home.contacts[0].id) : undefined;
    if (kind === "edit") return this.#edit(app, door, note);
    if (!round_id) return undefined;
    if (kind === "found") return this.#found(app, door, round_id, note);
    if (kind === "met" && home && person) return app.recordVisit({ ...visit, round_id, outcome: "answered", household_id: home.id, seen: [person.id] });
    if (kind === "correct") return app.recordVisit({ ...visit, round_id, corrects: this.#earlier(door_id) });
    return app.recordVisit({ ...visit, round_id });
  }

  #earlier(door_id: Id): Id | null {
    const mine = [...this.typed.values()].filter((item) => item?.kind === "visit" && item.body.door_id === door_id && !this.back.has(item.id));
    return this.chance.of(mine)?.id ?? null;
  }

  #edit(app: Phone, door: DoorView, note: string): Promise<Id> | undefined {
    const home = door.households.find(({ id }) => id !== "new");
    if (!home) return app.edit({ record: "door", record_id: door.id, door_id: door.id, base: { use: door.use ?? "unknown" }, mine: { use: this.chance.of(["rented", "shop", "owner"])! } });
    const base = { note: home.note ?? "", declared_size: home.declared_size ?? null };
    return app.edit({ record: "household", record_id: home.id, door_id: door.id, base, mine: { note, declared_size: 1 + Math.floor(this.chance.next() * 9) } });
  }

  async #found(app: Phone, door: DoorView, round_id: Id, note: string): Promise<Id | undefined> {
    if (!door.area_id || !door.place) return undefined;
    const { item_id } = await app.addDoor({
      round_id, door: { area_id: door.area_id, place: door.place, room: note },
      visit: { channel: "door", source: "door", outcome: "no_answer", note },
    });
    return item_id;
  }

  #understand(app: Phone, what: string, error: unknown): void {
    const code = (error as { code?: string }).code ?? "";
    const isDead = this.pocket.app !== app || // killed meanwhile, and perhaps started again
      (error as Error).name === "DatabaseClosedError";
    if (!isDead && !/^(phone|pin)\./.test(code)) this.complaints.push(`${this.login}, ${what}: ${String((error as Error).stack ?? error)}`);
  }
}
