/** Keeping something typed on a screen of its own: told when it is kept, undone while it has not left the phone. */
import { ref } from "vue";
import { useRouter } from "vue-router";
import { useApp } from "../../app";
import { textOf } from "../../parts/looks";
import { complain, say } from "../../parts/snack";
import { t } from "../../i18n";
import type { Id } from "../../store/types";

export function useKeeping(back: () => string) {
  const app = useApp();
  const router = useRouter();
  const busy = ref(false);
  const wrong = ref("");

  /** `write` gives the ids of the items it made. */
  async function keep(write: () => Promise<Id[]>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    wrong.value = "";
    try {
      const ids = await write();
      say(t("shell.saved"), { label: t("shell.undo"), do: () => undo(ids) });
      if (window.history.state?.back) router.back();
      else await router.replace(back());
    } catch (error) {
      wrong.value = t("shell.failed", { why: textOf(error) });
    } finally {
      busy.value = false;
    }
  }

  /** Backwards: an item may stand on the one before. */
  async function undo(ids: Id[]): Promise<void> {
    try {
      const done = [];
      for (const id of [...ids].reverse()) done.push(await app.withdraw(id));
      say(done.every(Boolean) ? t("shell.undone") : t("outbox.too_late"));
    } catch (error) {
      complain(textOf(error));
    }
  }

  return { keep, busy, wrong };
}
