/** Asks the server and reads its stream of events (text/event-stream over fetch). */

import { readProblem, readTitle } from "./shapes.js";

export const SILENCE = 45_000; // ms without a byte before we give up
const SHORT_WAIT = 10_000; // ms for something that is small
const MOST_BYTES = 2_000_000;
const MOST_WAIT = 3600; // seconds of a countdown

/**
 * Why there is no (complete) answer. `kind`: offline, unreachable, timeout, stopped, limit, problem, server, broken,
 * tooBig. `text` is the server's own Dutch explanation, if any; `wait` the seconds of a limit.
 */
export class Failure extends Error {
  constructor(kind, { status = 0, text = "", wait = 0 } = {}) {
    super(kind);
    this.kind = kind;
    this.status = status;
    this.text = text;
    this.wait = wait;
  }
}

/** Cuts a text stream into server-sent events; feed it pieces of any size. */
export class EventParser {
  #rest = "";
  #event = "";
  #data = [];

  /** The events `{event, data}` that are complete with this piece. */
  push(piece) {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.map((line) => this.#line(line)).filter((event) => event !== null);
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (name === "event") this.#event = value;
    if (name === "data") this.#data.push(value);
    return null;
  }

  #dispatch() {
    const found = this.#data.length ? { event: this.#event || "message", data: this.#data.join("\n") } : null;
    this.#event = "";
    this.#data = [];
    return found;
  }
}

/** Seconds from a Retry-After header (seconds or a date), at least 1; 30 when it can't be read. */
export function retryAfter(value, now = Date.now()) {
  const seconds = /^\s*\d+\s*$/.test(value ?? "") ? Number(value) : Math.ceil((Date.parse(value ?? "") - now) / 1000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), MOST_WAIT) : 30;
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** What a problem object means; `wait` is the Retry-After header, if any. */
function refusal(status, problem, wait) {
  const text = readProblem(problem);
  if (status === 429) return new Failure("limit", { status, text, wait: retryAfter(wait) });
  if (status === 413) return new Failure("tooBig", { status, text });
  return new Failure(status === 422 ? "problem" : "server", { status, text });
}

const isType = (response, part) => (response.headers.get("content-type") ?? "").includes(part);

async function refused(response) {
  const problem = isType(response, "json") ? parse(await response.text().catch(() => "")) : null;
  return refusal(response.status, problem, response.headers.get("retry-after"));
}

/** The title of the item at `url`, or "" when it can't be had. */
export async function fetchTitle(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(SHORT_WAIT) });
    return response.ok ? readTitle(await response.json()) : "";
  } catch {
    return "";
  }
}

/** Post a small thing; throws a :class:`Failure` when the server did not take it. */
export async function post(url, body, headers) {
  const signal = AbortSignal.timeout(SHORT_WAIT);
  try {
    const sent = { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body, signal };
    const response = await fetch(url, sent);
    if (!response.ok) throw await refused(response);
  } catch (error) {
    if (error?.name === "TimeoutError") throw new Failure("timeout");
    throw interruption(error, signal, false);
  }
}

/** What a failed fetch or read means; `shown` says whether the response had begun. */
function interruption(error, signal, begun) {
  if (signal.reason instanceof Failure) return signal.reason;
  if (error instanceof Failure) return error;
  if (begun) return new Failure("broken");
  return new Failure(navigator.onLine === false ? "offline" : "unreachable");
}

/** Yields the pieces of text of a body; fails at a bound. */
async function* pieces(body, onBytes) {
  const reader = body.getReader(); // without a pipe: when the connection breaks, a pipe drops what it still holds
  const decoder = new TextDecoder();
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      yield decoder.decode(value, { stream: true });
      total += value.length;
      if (total > MOST_BYTES) throw new Failure("broken");
    }
  } finally {
    reader.cancel().catch(() => {}); // who stops listening also stops the server
  }
}

async function* events(response, onBytes) {
  if (!isType(response, "event-stream")) {
    yield { event: "done", data: parse(await response.text()) };
    return;
  }
  const parser = new EventParser();
  for await (const piece of pieces(response.body, onBytes)) {
    for (const { event, data } of parser.push(piece)) {
      const value = parse(data);
      if (event === "error") throw refusal(value?.status, value);
      yield { event, data: value };
    }
  }
}

/**
 * Post `body` to `url`, with `extra` headers, and yield `{event, data}`; data is parsed JSON, null where it is invalid. Ends after the
 * server's last event; throws only a :class:`Failure`. Abort `controller` with a Failure as the reason to stop.
 */
export async function* ask(url, body, extra, controller) {
  let timer = 0;
  let begun = false;
  const rewind = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Failure("timeout")), SILENCE);
  };
  rewind();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/event-stream", ...extra },
      body,
      cache: "no-store",
      signal: controller.signal,
    });
    if (!response.ok) throw await refused(response);
    begun = true;
    rewind();
    yield* events(response, rewind);
  } catch (error) {
    throw interruption(error, controller.signal, begun);
  } finally {
    clearTimeout(timer);
  }
}
