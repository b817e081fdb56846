/** The wire: what is asked and answered, and nothing that decides. Works in a browser and in Node alike. */

import type {
  ActivateRequest, FormRef, PullAnswer, PullRequest, PushAnswer, PushRequest, SignInAnswer, SignInRequest,
} from "../store/types";

/** `status` 0: no answer at all (no network, timed out, cut off). */
export class Failed extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly body: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(code);
  }
  get mayHelpLater(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
  get tooMuch(): boolean {
    return this.status === 413 || this.code === "phone.timeout";
  }
}

export interface Wire {
  signIn(body: SignInRequest): Promise<SignInAnswer>;
  /** The first password, by a printed one-time code. */
  activate(body: ActivateRequest): Promise<SignInAnswer>;
  signOut(token: string): Promise<void>;
  pull(token: string, body: PullRequest): Promise<PullAnswer>;
  push(token: string, body: PushRequest): Promise<PushAnswer>;
  form(token: string, form: FormRef): Promise<string>;
}

const ROOT = "/api/v1/phone";
const PATIENCE = 25_000; // before the first byte of an answer, and between two parts of it, on a bad network
const SLOWEST = 2; // bytes per millisecond up: 16 kbit/s
const WORTH_PACKING = 600;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export function wire(fetching: Fetch, language: () => string, origin = ""): Wire {
  async function post<T>(path: string, body: unknown, token?: string): Promise<T> {
    const response = await call(`${ROOT}/${path}`, await packed(body), token);
    return (await response.json().catch(noAnswer)) as T; // the page of a hotel's network, say: not from our server
  }

  async function call(path: string, { body, headers }: Packed, token?: string): Promise<Response> {
    const patience = new Patience();
    const init: RequestInit = {
      method: body === undefined ? "GET" : "POST",
      headers: { ...headers, "Accept-Language": language(), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
      body,
      credentials: "omit",
      cache: "no-store",
      signal: patience.signal,
    };
    patience.wait(PATIENCE + (body?.byteLength ?? 0) / SLOWEST);
    const asking = fetching(origin + path, init).then((answer) => whole(answer, patience));
    const response = await asking.catch(noAnswer).finally(() => patience.end());
    if (response.ok) return response;
    throw await failed(response);
  }

  return {
    signIn: (body) => post("sign-in", body),
    activate: (body) => post("activate", body),
    signOut: async (token) => void (await call(`${ROOT}/sign-out`, await packed({}), token)),
    pull: (token, body) => post("pull", body, token),
    push: (token, body) => post("push", body, token),
    form: async (token, form) => {
      const response = await call(`${ROOT}/forms/${form.id}`, { headers: {} }, token);
      if (!response.headers.get("Content-Type")?.includes("xml")) throw new Failed(0, "phone.offline");
      return response.text();
    },
  };
}

/** Gives up when nothing comes any more: a large answer on a slow line takes its time, as long as it moves. */
class Patience {
  readonly #control = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  wait(milliseconds: number): void {
    this.end();
    this.#timer = setTimeout(() => this.#control.abort(new DOMException("nothing came", "TimeoutError")), milliseconds);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** The body has to come too before an answer counts as one: a cut connection is no answer. */
async function whole(response: Response, patience: Patience): Promise<Response> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    parts.push(part.value);
    patience.wait(PATIENCE);
  }
  const body = parts.length ? await new Blob(parts).arrayBuffer() : null;
  return new Response(body, { status: response.status, headers: response.headers });
}

function noAnswer(error: unknown): never {
  const late = (error as { name?: string } | null)?.name === "TimeoutError";
  throw new Failed(0, late ? "phone.timeout" : "phone.offline");
}

async function failed(response: Response): Promise<Failed> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const code = typeof body.code === "string" ? body.code : `http.${response.status}`;
  return new Failed(response.status, code, body, Number.isFinite(wait) ? wait * 1000 : null);
}

interface Packed { body?: Uint8Array<ArrayBuffer>; headers: Record<string, string> }

/** Packed where it pays and the browser can. */
async function packed(value: unknown): Promise<Packed> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const headers = { "Content-Type": "application/json" };
  if (bytes.length < WORTH_PACKING || typeof CompressionStream === "undefined") return { body: bytes, headers };
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  return { body, headers: { ...headers, "Content-Encoding": "gzip" } };
}
