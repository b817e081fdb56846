/** What the account may do, as far as the phone was told: nothing is offered that the office would only have to refuse. */
import { computed, type ComputedRef } from "vue";
import { useApp } from "../app";

export type Verb = "visit.record" | "door.add" | "household.edit";

/** Before the first pull nothing is known, and nothing is hidden: the server decides in any case. */
export function useMay(verb: Verb): ComputedRef<boolean> {
  const app = useApp();
  return computed(() => app.status.value.account?.verbs?.includes(verb) ?? true);
}
