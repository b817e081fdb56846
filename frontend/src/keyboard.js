// j/k/Enter/x over the lines of a list, "/" to the search, "?" for help. One may switch the letters off (WCAG 2.1.4).
const OFF = "firstline.keys.off";

export const rowsOf = (root) => [...root.querySelectorAll("[data-keys] > tbody > tr, [data-keys] > li")];

function isTyping(target) {
  return target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");
}

function move(step) {
  const rows = rowsOf(document).filter((row) => row.offsetParent !== null);
  if (!rows.length) return;
  const at = rows.findIndex((row) => "here" in row.dataset);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  if (at >= 0) delete rows[at].dataset.here;
  next.dataset.here = "";
  next.scrollIntoView({ block: "nearest" });
  (next.querySelector("a.fl-row") ?? next.querySelector("a, button, input"))?.focus({ preventScroll: true });
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => document.querySelector("[data-here] input[type=checkbox]")?.click(),
  "/": () => (document.querySelector("main [data-search]") ?? document.querySelector("[data-search]"))?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && event.target === document.body) {
    document.querySelector("[data-here] a.fl-row, [data-here] a")?.click();
    return;
  }
  const act = keys[event.key];
  if (!act || localStorage.getItem(OFF)) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-keys-help]")) document.getElementById("keys")?.showModal();
});

const off = document.querySelector("[data-keys-off]");
if (off) {
  off.checked = Boolean(localStorage.getItem(OFF));
  off.addEventListener("change", () => (off.checked ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF)));
}
