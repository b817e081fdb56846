/** Called before a row goes, so that it can be taken back. */
import type { InjectionKey } from "vue";

export const removingKey: InjectionKey<() => void> = Symbol("removing");
