import { gunzipSync } from "node:zlib";

import { afterEach, expect, test, vi } from "vitest";

import { secondsAhead } from "../../src/sync/clock";
import { wire, type Fetch } from "../../src/sync/api";
import { json } from "../support/server";

const PULL = { cursor: null, app_version: "1", device_now: "", waiting: 0, oldest_waiting: null, storage: null, evicted: false };
const ask = (fetching: Fetch) => wire(fetching, () => "zh-hans").pull("t", PULL);

afterEach(() => void vi.useRealTimers());

/** An answer whose parts come so many milliseconds apart. */
function dripping(text: string, parts: number, every: number): Fetch {
  return async (_url, { signal }) => {
    const bytes = new TextEncoder().encode(text);
    const size = Math.ceil(bytes.length / parts);
    let at = 0;
    const body = new ReadableStream<Uint8Array>({
      start: (out) => signal!.addEventListener("abort", () => out.error(signal!.reason)),
      pull: (out) => new Promise((done) => setTimeout(() => {
        if (signal!.aborted) return done();
        if (at >= bytes.length) out.close();
        else out.enqueue(bytes.slice(at, (at += size)));
        done();
      }, every)),
    });
    return new Response(body, { status: 200 });
  };
}

async function passing<T>(asked: Promise<T>, milliseconds: number): Promise<T> {
  asked.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(milliseconds);
  return asked;
}

test("a large answer on a slow line takes its time as long as it moves", async () => {
  vi.useFakeTimers();
  expect(await passing(ask(dripping('{"cursor":"c1"}', 10, 10_000)), 200_000)).toEqual({ cursor: "c1" });
});

test("an answer that stops coming is given up, as is one that never begins", async () => {
  vi.useFakeTimers();
  const late = { status: 0, code: "phone.timeout" };
  await expect(passing(ask(dripping('{"cursor":"c1"}', 3, 40_000)), 60_000)).rejects.toMatchObject(late);
  const never: Fetch = (_url, { signal }) => new Promise((_done, fail) => signal!.addEventListener("abort", () => fail(signal!.reason)));
  await expect(passing(ask(never), 60_000)).rejects.toMatchObject(late);
});

test("a large batch on a slow line has the time that it takes to go up", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let sent = false;
  const never: Fetch = (_url, { signal }) => new Promise((_done, fail) => (sent = true, signal!.addEventListener("abort", () => fail(signal!.reason))));
  const noise = Array.from({ length: 3000 }, () => Math.random().toString(36).slice(2)).join("");
  let over = false;
  const asked = wire(never, () => "en").push("t", { device_now: "", items: [{ id: "1", sealed: noise, key: "k" }] });
  asked.catch(() => (over = true));
  while (!sent) await new Promise((done) => setImmediate(done)); // packing takes a moment of real time
  await vi.advanceTimersByTimeAsync(26_000);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(over).toBe(true);
});

test("an answer that was cut off is no answer", async () => {
  const cut: Fetch = async () => new Response(new ReadableStream({ start: (out) => (out.enqueue(new TextEncoder().encode('{"cur')), out.error(new TypeError("terminated"))) }));
  await expect(ask(cut)).rejects.toMatchObject({ status: 0, code: "phone.offline" });
  await expect(ask(async () => new Response('{"cur'))).rejects.toMatchObject({ status: 0, code: "phone.offline" });
});

test("the page of a hotel's network is no answer of ours", async () => {
  await expect(ask(async () => new Response("<html>Welcome</html>"))).rejects.toMatchObject({ status: 0, code: "phone.offline" });
});

test("what the server refuses keeps its code, its words and how long to wait", async () => {
  const said = { code: "phone.busy", message: "稍等", params: { n: 1 } };
  await expect(ask(async () => json(503, said, { "Retry-After": "7" }))).rejects.toMatchObject({ status: 503, code: "phone.busy", body: said, retryAfter: 7000 });
  await expect(ask(async () => new Response("<h1>Bad gateway</h1>", { status: 502 }))).rejects.toMatchObject({ status: 502, code: "http.502" });
});

test("large bodies go packed, small ones plain; each bears token and language, and no cookies", async () => {
  const seen: RequestInit[] = [];
  const keep: Fetch = async (_url, init) => (seen.push(init), json(200, { server_time: "", results: [] }));
  for (const text of ["短", "长".repeat(800)]) {
    await wire(keep, () => "zh-hans").push("fd_1", { device_now: "", items: [{ id: "1", kind: "safety", at: "", body: { door_id: "d", text } }] });
  }
  const [small, large] = seen.map(({ headers }) => new Headers(headers));
  expect([small!.get("Content-Encoding"), large!.get("Content-Encoding")]).toEqual([null, "gzip"]);
  expect(JSON.parse(gunzipSync(seen[1]!.body as Uint8Array).toString()).items[0].body.text).toHaveLength(800);
  expect([small!.get("Authorization"), small!.get("Accept-Language"), seen[0]!.credentials]).toEqual(["Bearer fd_1", "zh-hans", "omit"]);
});

test("the clock is measured against the middle of asking and hearing", () => {
  expect(secondsAhead(100_000, 104_000, new Date(42_000).toISOString())).toBe(60);
  expect(secondsAhead(0, 0, "no time")).toBe(0);
});
