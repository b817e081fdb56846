// Charts and maps are large: they load when an element that wants one appears, also in a part that htmx brought.
//   <div data-lazy="charts" ...>   <div data-lazy="map" ...>
// The module's `mount(element)` is called once per element. The `?v=` of this script renews the lazy ones too.
const here = import.meta.url;
const version = new URL(here).search;
const styles = { map: "map.css" };

export async function mountAll(root) {
  const waiting = [...root.querySelectorAll("[data-lazy]:not([data-mounted])")];
  if (root.matches?.("[data-lazy]:not([data-mounted])")) waiting.unshift(root);
  for (const element of waiting) element.dataset.mounted = "";
  await Promise.all(waiting.map(mount));
}

async function mount(element) {
  const name = element.dataset.lazy;
  if (styles[name]) await style(beside(styles[name]));
  const module = await import(/* @vite-ignore */ beside(`${name}.js`));
  await module.mount(element);
}

function beside(file) {
  return new URL(file + version, here).href;
}

function style(href) {
  if (document.querySelector(`link[href="${href}"]`)) return undefined;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((done) => {
    link.onload = link.onerror = done;
    document.head.append(link);
  });
}

mountAll(document);
document.addEventListener("htmx:load", (event) => mountAll(event.detail.elt));
