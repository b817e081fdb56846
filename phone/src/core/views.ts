/** What screens read, computed from records and typed items; only what changed is computed again. */

import { computed, shallowRef, toValue, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from "vue";

import { doorOf, overlay, type Typed } from "../rules/overlay";
import { rowOf, select } from "../rules/order";
import type { Doors } from "../store/doors";
import type { Entry, Outbox } from "../store/outbox";
import type {
  DoorFilter, DoorRow, DoorView, Id, ItemNotice, OutboxItem, Places, Post, Round,
} from "../store/types";

export class Views {
  readonly doors: ShallowRef<ReadonlyMap<Id, DoorView>> = shallowRef(new Map());
  readonly rounds: ShallowRef<readonly Round[]> = shallowRef([]);
  readonly posts: ShallowRef<readonly Post[]> = shallowRef([]);
  readonly places: ShallowRef<Places> = shallowRef({ areas: [], grids: [] });
  readonly notices: ShallowRef<readonly ItemNotice[]> = shallowRef([]);
  readonly outbox: ShallowRef<readonly OutboxItem[]> = shallowRef([]);
  readonly minute = shallowRef(0); // moves the order of work on: appointments fall due

  constructor(private readonly store: Doors, private readonly box: Outbox, private readonly account: () => Id | null) {}

  showAll(now: number): void {
    const { posts, places, rounds, notices } = this.store.head;
    [this.posts.value, this.places.value, this.rounds.value, this.notices.value] = [posts, places, rounds, notices];
    this.minute.value = now;
    const typed = this.#typedByDoor();
    const ids = new Set([...this.store.all.keys(), ...typed.keys()]);
    const views = new Map<Id, DoorView>();
    for (const id of ids) this.#place(views, id, typed.get(id) ?? []);
    this.doors.value = views;
    this.showOutbox();
  }

  /** After something was typed, settled or pulled: these doors, and no others. */
  showDoors(changed: Iterable<Id>, now: number): void {
    const typed = this.#typedByDoor();
    const views = new Map(this.doors.value);
    for (const id of changed) this.#place(views, id, typed.get(id) ?? []);
    this.minute.value = now;
    this.doors.value = views;
    this.showOutbox();
  }

  hide(): void {
    [this.doors.value, this.rounds.value, this.posts.value, this.notices.value] = [new Map(), [], [], []];
    this.places.value = { areas: [], grids: [] };
    this.showOutbox();
  }

  showOutbox(): void {
    const account = this.account();
    const told = new Map(this.store.head.notices.map((notice) => [notice.id, notice]));
    this.outbox.value = this.box.entries.map((entry) => this.#outboxItem(entry, account, told)).reverse();
  }

  #outboxItem({ row, item, message }: Entry, account: Id | null, told: ReadonlyMap<Id, ItemNotice>): OutboxItem {
    const notice = told.get(row.id);
    return {
      id: row.id, at: row.at, state: row.state, why: row.why, message: message ?? notice?.message, item,
      door_id: item && doorOf(item), mine: account === null || row.account === account,
    };
  }

  #place(views: Map<Id, DoorView>, id: Id, typed: readonly Typed[]): void {
    const view = overlay(this.store.all.get(id), typed);
    if (view) views.set(id, view);
    else views.delete(id);
  }

  #typedByDoor(): Map<Id, Typed[]> {
    const account = this.account();
    const byDoor = new Map<Id, Typed[]>();
    for (const { row, item } of this.box.entries) {
      if (!item || row.account !== account) continue;
      const list = byDoor.get(doorOf(item)) ?? [];
      list.push({ item, state: row.state, why: row.why });
      byDoor.set(doorOf(item), list);
    }
    return byDoor;
  }

  list(filter: MaybeRefOrGetter<DoorFilter>): ComputedRef<DoorRow[]> {
    return computed(() => select(this.doors.value.values(), toValue(filter), { rounds: this.rounds.value, now: this.minute.value }));
  }

  door(id: MaybeRefOrGetter<Id>): ComputedRef<DoorView | undefined> {
    return computed(() => this.doors.value.get(toValue(id)));
  }

  buildings(): ComputedRef<{ place: string; building: string; doors: number; waiting: number }[]> {
    return computed(() => buildingsOf(this.doors.value.values()));
  }

  alike(text: string): DoorRow[] {
    if (!text.trim()) return [];
    return select(this.doors.value.values(), { text }, { rounds: this.rounds.value, now: this.minute.value }).slice(0, 20);
  }

  row(door: DoorView): DoorRow {
    return rowOf(door, {}, { rounds: this.rounds.value, now: this.minute.value });
  }
}

function buildingsOf(doors: Iterable<DoorView>): { place: string; building: string; doors: number; waiting: number }[] {
  const found = new Map<string, { place: string; building: string; doors: number; waiting: number; sort: string }>();
  for (const door of doors) {
    const [place, building] = [door.place ?? "", door.building ?? ""];
    const key = `${place}\0${building}`;
    const one = found.get(key) ?? { place, building, doors: 0, waiting: 0, sort: door.sort ?? door.label };
    one.doors += 1;
    if (door.rounds.some((round) => round.waiting)) one.waiting += 1;
    found.set(key, one);
  }
  const sorted = [...found.values()].sort((a, b) => (a.sort < b.sort ? -1 : 1));
  return sorted.map(({ place, building, doors: n, waiting }) => ({ place, building, doors: n, waiting }));
}
