// htmx under our content security policy: no style element of its own, no evaluated code, no pages kept in the browser's storage.
import htmx from "htmx.org/dist/htmx.esm.js";

Object.assign(htmx.config, {
  includeIndicatorStyles: false,
  allowEval: false,
  allowScriptTags: false,
  historyCacheSize: 0, // snapshots in localStorage would keep personal data on a shared machine
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollBehavior: "auto",
});

// Django's token: the form field of a page that has one, else the meta tag of the layout.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name='csrf-token']")?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

export default htmx;
