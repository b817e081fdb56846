/** The time, for words like "5 minutes ago": one ticking clock for all screens. */
import { readonly, ref } from "vue";

const EVERY = 30_000;
const time = ref(Date.now());
setInterval(() => { time.value = Date.now(); }, EVERY);

export const now = readonly(time);
