/** The phone in a browser: its storage, its tabs, its network, its clock. */

import type { Marker, Platform, TabNews } from "../core/platform";
import { Database } from "../store/db";
import type { StorageState } from "../store/types";
import { isChatBrowser, systemName } from "./where";

const MARKER = "firstline-phone";
const LANGUAGE = "firstline-phone-language";

export function browser(): Platform {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("firstline-phone");
  return {
    database: new Database(),
    fetch: (url, init) => fetch(url, init),
    origin: "",
    now: () => Date.now(),
    random: () => Math.random(),
    later: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    alone,
    tabs: {
      tell: (news) => channel?.postMessage(news),
      hear: (listen) => channel?.addEventListener("message", (event: MessageEvent<TabNews>) => listen(event.data)),
    },
    marker: { read: () => readMarker(), write: writeMarker },
    storage,
    persist: async () => void (await navigator.storage?.persist?.().catch(() => false)),
    isOnline: () => navigator.onLine,
    onOnline: (listen) => {
      addEventListener("online", () => listen(true));
      addEventListener("offline", () => listen(false));
    },
    onVisible: (listen) => document.addEventListener("visibilitychange", () => listen(document.visibilityState === "visible")),
    label: systemName(navigator.userAgent),
    name: systemName(navigator.userAgent),
    version: __VERSION__,
    language: {
      read: () => quietly(() => localStorage.getItem(LANGUAGE)) ?? (navigator.language.startsWith("en") ? "en" : null),
      write: (language) => void quietly(() => localStorage.setItem(LANGUAGE, language)),
    },
    onlineOnly: isChatBrowser(navigator.userAgent) || !("serviceWorker" in navigator),
    usable: Boolean(globalThis.crypto?.subtle && globalThis.indexedDB),
  };
}

/** Where there are no locks (very old browsers) each tab does it for itself: the server takes a repeated batch well. */
async function alone(work: () => Promise<void>): Promise<boolean> {
  if (!navigator.locks) return work().then(() => true);
  return navigator.locks.request("firstline-sync", { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    await work();
    return true;
  });
}

async function storage(): Promise<StorageState | null> {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  if (!estimate) return null;
  const persisted = (await navigator.storage.persisted?.().catch(() => false)) ?? false;
  return { used: estimate.usage ?? 0, quota: estimate.quota ?? 0, persisted };
}

/** In two places that browsers clear on different occasions, neither of them the database. The cookie stays here: no
 * request of the app bears cookies. */
function readMarker(): Marker | null {
  const cookie = new RegExp(`(?:^|; )${MARKER}=([^;]*)`).exec(document.cookie)?.[1];
  const kept = quietly(() => localStorage.getItem(MARKER)) ?? (cookie && decodeURIComponent(cookie));
  return kept ? (quietly(() => JSON.parse(kept) as Marker) ?? null) : null;
}

function writeMarker(marker: Marker | null): void {
  const kept = marker && JSON.stringify(marker);
  quietly(() => (kept ? localStorage.setItem(MARKER, kept) : localStorage.removeItem(MARKER)));
  const age = kept ? 400 * 86_400 : 0;
  document.cookie = `${MARKER}=${encodeURIComponent(kept ?? "")}; Path=/phone/; Max-Age=${age}; SameSite=Strict`;
}

/** Browsers that are told to keep nothing throw here. */
function quietly<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
