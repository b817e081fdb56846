/**
 * The service worker: the app opens with no network. It keeps the files of this version and of the one before, answers for
 * /phone/ from them, and never touches what the server says (/api/): the app itself decides what is kept of that.
 */

interface Listed { version: string; files: string[] }
declare const self: ServiceWorkerGlobalScope & { __PRECACHE__: Listed };

const { version, files }: Listed = self.__PRECACHE__;
const SHELL = "/phone/";
const PREFIX = "firstline-phone-";
const MINE = PREFIX + version;
const EXTRAS = ["manifest.webmanifest", "icon.svg", "icon-192.png"];

self.addEventListener("install", (event) => event.waitUntil(keepAll()));
self.addEventListener("activate", (event) => event.waitUntil(dropOlder().then(() => self.clients.claim())));
self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin || !url.pathname.startsWith(SHELL)) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request));
  else if (url.pathname !== "/phone/sw.js") event.respondWith(file(event.request));
});

/** All or nothing. What the version before has already is not fetched again: names change with content. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(MINE);
  const wanted = [...files.map((name) => SHELL + name), ...EXTRAS.map((name) => SHELL + name)];
  await Promise.all(wanted.map((url) => keep(cache, url)));
  const shell = await fetch(SHELL, { cache: "reload" });
  if (!shell.ok) throw new Error("the page could not be kept");
  await cache.put(SHELL, shell);
}

async function keep(cache: Cache, url: string): Promise<void> {
  const known = url.includes("/assets/") ? await caches.match(url) : undefined;
  const response = known ?? (await fetch(url));
  if (!response.ok) throw new Error("a file could not be kept");
  await cache.put(url, response);
}

/** The version before stays: a page of it may still be open and ask for a part it had not loaded yet. */
async function dropOlder(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== MINE);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

/** The page of this version, whatever its address: the app finds its way by what stands behind the #. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(MINE);
  const kept = await cache.match(SHELL);
  if (kept) return kept;
  return fetch(request);
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

export {};
