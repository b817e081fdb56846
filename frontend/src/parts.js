// Small behaviours by attribute: data-filters, data-drop, data-toast, data-close, data-all, data-bulk, data-print, data-focus.
const READ_FOR = 10_000;

// A filter form is sent as soon as a choice changes; empty fields stay out of the address.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-filters]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-filters]")) return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
});

// A menu closes when one clicks elsewhere or presses Escape.
const menus = () => document.querySelectorAll("details[data-drop][open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (location.hash === "#nav") location.hash = "#main";
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Toasts leave by themselves, unless they offer a way back or somebody is reading them.
function watch(toast) {
  if ("keep" in toast.dataset || "watched" in toast.dataset) return;
  toast.dataset.watched = "";
  setTimeout(() => (toast.matches(":hover, :focus-within") ? (delete toast.dataset.watched, watch(toast)) : toast.remove()), READ_FOR);
}
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) event.target.closest("[data-toast], .fl-alert")?.remove();
  if (event.target.closest("[data-print]")) print();
});

// "All" ticks every line of its form or table; the bar for ticked lines shows how many there are.
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches("input[type=checkbox]")) return;
  const root = box.form ?? box.closest("table");
  if ("all" in box.dataset) for (const other of root.querySelectorAll("tbody input[type=checkbox]")) other.checked = box.checked;
  countTicked(root);
});
function countTicked(root) {
  const bar = root?.querySelector("[data-bulk]");
  if (!bar) return;
  const ticked = root.querySelectorAll("tbody input[type=checkbox]:checked").length;
  bar.hidden = ticked === 0;
  const shown = bar.querySelector("[data-ticked]");
  if (shown) shown.textContent = ticked;
}

// The menu is longer than a laptop's window: where one is, is in sight.
document.querySelector(".fl-side [aria-current]")?.scrollIntoView({ block: "nearest" });

function start(root) {
  for (const toast of root.querySelectorAll("[data-toast]")) watch(toast);
  // A table wider than its box can be scrolled with the keys.
  for (const box of root.querySelectorAll(".fl-table")) if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  for (const bar of root.querySelectorAll("[data-bulk]")) countTicked(bar.closest("form"));
  root.querySelector("[data-focus]")?.focus();
}
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
