/** The phone without a store or a server, for looking at screens: `/phone/dev.html?doors=500&state=offline`. */
import { shallowRef } from "vue";
import { Refused, type App, type Status } from "../app";
import { Views } from "../core/views";
import { idInCode, newId } from "../rules/ids";
import { doorOf } from "../rules/overlay";
import type { Doors } from "../store/doors";
import type { Entry, Outbox } from "../store/outbox";
import type { Bodies, Id, Item, ItemKind } from "../store/types";
import { AREA, doors, notices, rounds } from "./people";
import welfare from "../../tests/forms/welfare_check.xml?raw";

export type Scene = "typical" | "empty" | "offline" | "busy" | "worried" | "signed_out" | "no_pin" | "locked" | "first" | "unusable";

export function fakeApp(count: number, scene: Scene): App {
  const start = Date.now();
  const store = {
    all: new Map(doors(count, start).map((door) => [door.id, door])),
    head: {
      account: null, rounds: count ? rounds(start) : [], notices: scene === "busy" ? notices(start) : [],
      posts: [{ id: newId(), name: "松涧里社区第一网格网格员", area_id: AREA, area_name: "松涧里社区" }], places: { areas: [{ id: AREA, name: "松涧里社区" }], grids: [] },
    },
  };
  const box: { entries: Entry[] } = { entries: [] };
  const views = new Views(store as unknown as Doors, box as unknown as Outbox, () => "me");
  const kept = new Map<string, { value: unknown; changed: string }>();
  const status = shallowRef<Status>(statusOf(scene, start));
  const set = (change: Partial<Status>): void => { status.value = { ...status.value, ...change }; };
  const PIN = "135790";
  let tries = 5;

  function settle(): void {
    const waiting = box.entries.filter(({ row }) => row.state === "waiting").length;
    set({ waiting, attention: views.notices.value.filter((one) => one.status === "held" || one.status === "conflict").length });
  }

  async function record<K extends ItemKind>(kind: K, body: Bodies[K]): Promise<Id> {
    const [id, at] = [newId(), new Date().toISOString()];
    const item = { id, kind, at, body } as Item;
    box.entries.push({ item, row: { id, at, account: "me", state: "waiting", sealed: "", key: "", tries: 0, changed: Date.now() } });
    views.showDoors([doorOf(item)], Date.now());
    settle();
    return id;
  }

  async function pin(given: string): Promise<void> {
    if (given === PIN) return set({ phase: "open", tries_left: 5 });
    tries -= 1;
    set({ tries_left: tries, ...(tries ? {} : { phase: "signed_out", wiped: { why: "pin", at: new Date().toISOString() } }) });
    throw new Refused(tries ? "pin.wrong" : "pin.wiped", { left: tries });
  }

  views.showAll(start);
  settle();
  return {
    status, doors: views.doors, rounds: views.rounds, posts: views.posts, places: views.places, notices: views.notices, outbox: views.outbox,
    start: async () => undefined,
    signIn: async ({ password, code }) => {
      if (password === "wrong") throw new Refused("phone.sign_in_wrong");
      if (password === "code" && !code) throw new Refused("phone.code_needed");
      set({ phase: "no_pin" });
    },
    activate: async () => set({ phase: "no_pin" }),
    setPin: async () => set({ phase: "open" }),
    changePin: (old) => pin(old),
    unlock: pin,
    lock: () => set({ phase: "locked" }),
    touched: () => undefined,
    signOut: async ({ leave = false } = {}) => {
      if (status.value.waiting && !leave) throw new Refused("phone.waiting", { left: status.value.waiting });
      set({ phase: "signed_out" });
    },
    setLanguage: (language) => set({ language }),
    list: (filter) => views.list(filter),
    door: (wanted) => views.door(wanted),
    buildings: () => views.buildings(),
    alike: (text) => views.alike(text),
    doorOfCode: (code) => idInCode(code),
    record,
    recordVisit: (visit) => record("visit", { device_at: new Date().toISOString(), ...visit }),
    addDoor: async ({ round_id, door: new_door, visit }) => {
      const door_id = newId();
      return { door_id, item_id: await record("visit", { device_at: new Date().toISOString(), ...visit, round_id, door_id, new_door }) };
    },
    addMember: (door_id, household_id, member) => record("member", { door_id, household_id, member: { id: newId(), ...member } }),
    edit: (change) => record("edit", change),
    left: (body) => record("left", body),
    addOwner: (door_id, contact) => record("owner", { door_id, contact: { id: newId(), ...contact } }),
    addSafety: (door_id, text) => record("safety", { door_id, text }),
    called: (door_id, contact_id) => record("called", { door_id, contact_id }),
    withdraw: async (wanted) => {
      const at = box.entries.findIndex(({ row }) => row.id === wanted && row.state === "waiting");
      const [gone] = at < 0 ? [] : box.entries.splice(at, 1);
      if (gone?.item) views.showDoors([doorOf(gone.item)], Date.now());
      settle();
      return !!gone;
    },
    newId: () => newId(),
    drafts: {
      put: async (key, value) => { kept.set(key, { value, changed: new Date().toISOString() }); },
      get: async <T>(key: string) => kept.get(key)?.value as T | undefined,
      remove: async (key) => { kept.delete(key); },
      list: async (prefix = "") => [...kept].filter(([key]) => key.startsWith(prefix)).map(([key, { changed }]) => ({ key, changed })),
    },
    xform: async () => welfare,
    syncNow: async () => {
      set({ syncing: true });
      await new Promise((done) => setTimeout(done, 800));
      set({ syncing: false, last_contact: new Date().toISOString() });
    },
    reloadForUpdate: () => location.reload(),
  };
}

function statusOf(scene: Scene, now: number): Status {
  const phase = scene === "signed_out" || scene === "no_pin" || scene === "locked" || scene === "unusable" ? scene : "open";
  const worried = scene === "worried";
  return {
    phase, language: "zh-hans", account: phase === "signed_out" ? null : { id: "me", login: "lin", name: "林网格" }, online: scene !== "offline", syncing: scene === "first",
    progress: scene === "first" ? { doors: 320, sent: 0 } : null, last_contact: scene === "first" ? null : new Date(now - (worried ? 76 : 0.1) * 3_600_000).toISOString(),
    trouble: scene === "offline" ? { code: "phone.offline" } : null, waiting: 0, oldest_waiting: null, attention: 0, elsewhere: worried ? 3 : 0, must_sign_in: false,
    too_old: worried ? "0.4.0" : null, update_ready: worried, online_only: worried, wiped: null, evicted: null, full: false,
    storage: { used: 3_400_000, quota: 2_000_000_000, persisted: !worried }, clock_off: worried ? 7 * 3600 : 4, tries_left: 5, device_id: newId(), version: "0.3.0",
  };
}
