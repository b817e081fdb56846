/** The visit being typed on this screen: its door and round, its draft that survives a killed app, and keeping it. */
import { computed, onBeforeUnmount, reactive, ref, toRaw, watch, type ComputedRef } from "vue";
import { useApp } from "../../app";
import type { Channel, DoorView, HouseholdView, Id, Iso, Round } from "../../store/types";
import { blank, fromAttempt, toVisit, worthKeeping, type Typed } from "./visitDraft";

const PAUSE = 250; // milliseconds after the last touch
export interface Where { door: Id | undefined; round: Id | undefined; channel: Channel | undefined; corrects: Id | undefined }

export function draftKey(where: Where): string {
  if (!where.door) return "visit:new:door";
  return ["visit", where.door, where.round, where.corrects].filter(Boolean).join(":");
}

export function useVisit(asked: Where) {
  const app = useApp();
  const typed = reactive<Typed>(blank());
  const ready = ref(false);
  const resumed = ref<Iso | null>(null);
  const door: ComputedRef<DoorView | undefined> = asked.door ? app.door(asked.door) : computed(() => undefined);
  const roundId = computed(() => asked.round ?? door.value?.rounds.find((one) => one.waiting)?.round_id ?? door.value?.rounds[0]?.round_id ?? app.rounds.value[0]?.id);
  const round = computed<Round | undefined>(() => app.rounds.value.find((one) => one.id === roundId.value));
  const inRound = computed(() => door.value?.rounds.find((one) => one.round_id === roundId.value));
  const households = computed<HouseholdView[]>(() => door.value?.households ?? []);
  const key = draftKey({ ...asked, round: roundId.value });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  async function begin(): Promise<void> {
    const [listed] = (await app.drafts.list(key)).filter((draft) => draft.key === key);
    const kept = listed && (await app.drafts.get<Typed>(key));
    if (kept) {
      Object.assign(typed, blank(), kept);
      resumed.value = kept.new_door && !kept.outcome ? null : listed.changed;
    } else startAfresh();
    typed.channel ??= asked.channel ?? null;
    ready.value = true;
  }

  function startAfresh(): void {
    const earlier = asked.corrects && inRound.value?.attempts.find((attempt) => attempt.id === asked.corrects);
    Object.assign(typed, earlier ? fromAttempt(earlier) : { ...blank(), channel: asked.channel ?? null, new_door: typed.new_door });
    resumed.value = null;
  }

  async function keepDraft(): Promise<void> {
    clearTimeout(timer);
    if (over || !ready.value || !worthKeeping(typed)) return;
    await app.drafts.put(key, structuredClone(plain(typed)));
  }

  function flush(): void {
    if (document.visibilityState === "hidden") void keepDraft();
  }

  watch(typed, () => {
    clearTimeout(timer);
    if (ready.value && !over) timer = setTimeout(() => void keepDraft().catch(() => undefined), PAUSE); // a full phone is told when it is kept
  }, { deep: true });
  document.addEventListener("visibilitychange", flush);
  onBeforeUnmount(() => {
    document.removeEventListener("visibilitychange", flush);
    void keepDraft().catch(() => undefined);
  });

  /** Into the outbox. Gives the door's and the item's id; the way back restores the draft as it was. */
  async function keep(): Promise<{ door_id: Id; item_id: Id; takeBack: () => Promise<boolean> }> {
    if (!round.value) throw new Error("no round");
    const visit = toVisit(plain(typed), { round: round.value, door_id: asked.door ?? "", households: households.value });
    const { round_id, door_id, ...rest } = visit;
    const made = typed.new_door
      ? await app.addDoor({ round_id, door: plain(typed.new_door), visit: rest })
      : { door_id, item_id: await app.recordVisit(visit) };
    over = true;
    clearTimeout(timer);
    const content = structuredClone(plain(typed));
    await app.drafts.remove(key);
    return { ...made, takeBack: () => takeBack(made.item_id, content) };
  }

  async function takeBack(item: Id, content: Typed): Promise<boolean> {
    const done = await app.withdraw(item);
    if (done) await app.drafts.put(key, content);
    return done;
  }

  async function drop(): Promise<void> {
    await app.drafts.remove(key);
    startAfresh();
  }

  return { typed, ready, resumed, door, round, inRound, households, key, begin, keep, keepDraft, drop };
}

/** Without Vue's proxies, all the way down: what is stored is plain data. */
function plain<T>(value: T): T {
  const raw = toRaw(value);
  if (Array.isArray(raw)) return raw.map(plain) as T;
  if (raw === null || typeof raw !== "object") return raw;
  return Object.fromEntries(Object.entries(raw).map(([name, inside]) => [name, plain(inside)])) as T;
}
