/** One short message from below, with a way to undo where there is one. */
import { shallowRef } from "vue";

export interface Snack { text: string; action?: { label: string; do: () => void | Promise<void> }; wrong?: boolean }

export const snack = shallowRef<Snack | null>(null);
const SHOWN = 6_000;
const WITH_ACTION = 12_000; // long enough to reach for it with gloves on
let timer: ReturnType<typeof setTimeout> | undefined;

export function say(text: string, action?: Snack["action"]): void {
  show({ text, action });
}

export function complain(text: string): void {
  show({ text, wrong: true });
}

export function hush(): void {
  clearTimeout(timer);
  snack.value = null;
}

function show(said: Snack): void {
  clearTimeout(timer);
  snack.value = said;
  timer = setTimeout(hush, said.action ? WITH_ACTION : SHOWN);
}
