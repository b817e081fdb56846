/** Who is here: signing in, the PIN, locking, signing out, and what is forgotten when. */

import { Refused, type Status } from "../app";
import { newId } from "../rules/ids";
import { isFull, type Database } from "../store/db";
import type { Outbox } from "../store/outbox";
import type { Account, Id, Sealed, SealingKey, SignInAnswer, SignInRequest } from "../store/types";
import { TRIES, type Vault } from "../store/vault";
import { Failed, type Wire } from "../sync/api";
import type { Platform } from "./platform";
import type { StatusBoard } from "./status";
import { wipe } from "./wiping";

interface Who { token: string; account: Account }
type Myself = Pick<SignInRequest, "device_id" | "label" | "platform" | "app_version">;
type Why = NonNullable<Status["wiped"]>["why"];

export class Session {
  who: Who | null = null;
  device: Id = "";
  #pending: SignInAnswer | null = null; // signed in, no PIN yet: only in memory

  constructor(
    private readonly platform: Platform,
    private readonly db: Database,
    private readonly vault: Vault,
    private readonly outbox: Outbox,
    private readonly wire: Wire,
    private readonly board: StatusBoard,
  ) {}

  /** The device's id, and whether the browser threw the store away since it was last here. */
  async begin(): Promise<void> {
    const marker = this.platform.marker.read();
    const known = await this.db.get<Id>("device");
    if (!known && marker) await this.db.put("evicted", { waiting: marker.waiting });
    this.device = known ?? marker?.device ?? newId(this.platform.now());
    if (!known) await this.db.put("device", this.device);
    if ((await this.vault.triesLeft()) <= 0) await this.forget("pin"); // it was switched off before that was done
    this.board.set({
      device_id: this.device,
      evicted: (await this.db.get<Status["evicted"]>("evicted")) ?? null,
      wiped: (await this.db.get<Status["wiped"]>("wiped")) ?? null,
      last_contact: (await this.db.get<string>("last_contact")) ?? null,
      tries_left: await this.vault.triesLeft(),
      phase: (await this.vault.exists()) ? "locked" : "signed_out",
    });
  }

  async signIn(given: { login: string; password: string; code?: string }): Promise<"open" | "no_pin"> {
    try {
      return await this.#enter((phone) => this.wire.signIn({ ...given, ...phone }));
    } catch (error) {
      const mine = this.who?.account.login === given.login.trim().toLowerCase();
      if (mine && error instanceof Refused && error.code === "phone.account_closed") await this.forget("account.closed");
      throw error;
    }
  }

  activate(given: { code: string; password: string }): Promise<"open" | "no_pin"> {
    return this.#enter((phone) => this.wire.activate({ ...given, ...phone }));
  }

  async #enter(ask: (phone: Myself) => Promise<SignInAnswer>): Promise<"open" | "no_pin"> {
    const answer = await this.#registered(ask);
    await this.db.put("key", answer.sealing_key);
    if (this.vault.isOpen && this.who?.account.id === answer.account.id) {
      await this.#remember(answer);
      return "open";
    }
    if (await this.vault.exists()) await this.forget("signed_out");
    this.#pending = answer;
    this.board.set({ account: answer.account, must_sign_in: false, phase: "no_pin" });
    return "no_pin";
  }

  /** A phone that is registered for somebody else, or was revoked, comes back under a new id. */
  async #registered(ask: (phone: Myself) => Promise<SignInAnswer>): Promise<SignInAnswer> {
    try {
      return await ask(this.#myself());
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      if (error.code !== "phone.device_taken") throw refused(error);
    }
    await this.#newDevice();
    return ask(this.#myself()).catch((error: unknown) => {
      throw error instanceof Failed ? refused(error) : error;
    });
  }

  #myself(): Myself {
    const { label, name, version } = this.platform;
    return { device_id: this.device, label, platform: name, app_version: version };
  }

  async #newDevice(): Promise<void> {
    this.device = newId(this.platform.now());
    await this.db.put("device", this.device);
    this.board.set({ device_id: this.device });
  }

  async setPin(pin: string): Promise<void> {
    if (!this.#pending) throw new Refused("phone.sign_in_first");
    await this.vault.create(pin);
    await this.#remember(this.#pending);
    this.#pending = null;
    await this.db.meta.bulkDelete(["wiped"]);
    this.board.set({ wiped: null, tries_left: TRIES });
  }

  async #remember({ token, account }: SignInAnswer): Promise<void> {
    this.who = { token, account };
    await this.db.put("account", account.id);
    await this.db.put("who", await this.vault.seal(this.who));
    this.board.set({ account, must_sign_in: false });
  }

  async unlock(pin: string): Promise<void> {
    try {
      await this.vault.unlock(pin);
    } catch (error) {
      this.board.set({ tries_left: Math.max(0, await this.vault.triesLeft()) });
      if (error instanceof Refused && error.code === "pin.wiped") await this.forget("pin");
      throw error;
    }
    const sealed = await this.db.get<Sealed>("who");
    this.who = sealed ? await this.vault.read<Who>(sealed) : null;
    this.board.set({ account: this.who?.account ?? null, must_sign_in: !this.who?.token, tries_left: TRIES });
  }

  async changePin(old: string, pin: string): Promise<void> {
    try {
      await this.vault.change(old, pin);
    } catch (error) {
      this.board.set({ tries_left: Math.max(0, await this.vault.triesLeft()) });
      if (error instanceof Refused && error.code === "pin.wiped") await this.forget("pin");
      throw error;
    }
  }

  /** What the account is called and may do comes with a pull. */
  async renew(account: Account): Promise<void> {
    if (!this.who) return;
    this.who = { ...this.who, account: { ...this.who.account, ...account } };
    await this.db.put("who", await this.vault.seal(this.who));
    this.board.set({ account: this.who.account });
  }

  /** The server does not know this token any more: what was typed stays until somebody signs in again. */
  async lostToken(): Promise<void> {
    if (!this.who) return;
    this.who = { ...this.who, token: "" };
    await this.db.put("who", await this.vault.seal(this.who));
    this.board.set({ must_sign_in: true });
  }

  /** Nobody is signed in any more; sealed items stay. */
  async forget(why: Why): Promise<void> {
    await wipe(this.db, { all: true });
    await this.#wiped(why);
    this.vault.lock();
    this.who = null;
    this.board.set({ account: null, must_sign_in: false, phase: "signed_out", last_contact: null });
  }

  /** Access was lost while something could not be sent: the records go, the way to send stays. */
  async forgetRecords(why: Why): Promise<void> {
    await wipe(this.db, { all: false });
    await this.#wiped(why);
  }

  async #wiped(why: Why): Promise<void> {
    const wiped = { why, at: new Date(this.platform.now()).toISOString() };
    await this.db.put("wiped", wiped);
    await this.db.meta.delete("last_contact");
    this.outbox.forgetReadable();
    await this.outbox.load();
    this.board.set({ wiped });
  }

  /** On a full phone the old key stays for now: the server opens what was sealed to it as well. */
  async sealTo(key: SealingKey): Promise<void> {
    if ((await this.db.get<SealingKey>("key"))?.id === key.id) return;
    await this.db.put("key", key).catch((error: unknown) => {
      if (!isFull(error)) throw error;
    });
  }

  async sealingKey(): Promise<SealingKey> {
    const key = await this.db.get<SealingKey>("key");
    if (!key) throw new Refused("phone.sign_in_first");
    return key;
  }
}

export function refused(error: Failed): Refused {
  const message = typeof error.body.message === "string" ? error.body.message : "";
  const code = error.status === 429 ? "phone.throttled" : error.status === 0 ? "phone.offline" : error.code;
  return new Refused(code, (error.body.params as Record<string, string | number>) ?? {}, message);
}
