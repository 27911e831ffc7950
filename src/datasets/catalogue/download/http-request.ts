// Asks a server for a file or the rest of one (RFC 9110, section 14: range requests; section 13.1.5: If-Range), and says
// what comes.

import { RoentgenError } from "../../../base/index.ts";
import { PassingFailure } from "./passing-failure.ts";

export interface RequestOptions {
  /** First byte that is wanted. */
  readonly from: number;
  /** Sign of the file that the bytes before came from: the rest is wanted only of the same. */
  readonly validator?: string;
  readonly redirects: number;
  readonly silenceMs: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  /** 416: there are no bytes from there on. */
  readonly status: 200 | 206 | 416;
  /** Position of the first byte that comes. */
  readonly from: number;
  /** Length of the whole file, where the server says so. */
  readonly total?: number;
  /** Sign that changes with the file: a strong ETag, else the time of change. */
  readonly validator?: string;
  /** Whether what comes are the bytes of the file, not compressed on the way. */
  readonly verbatim: boolean;
  pieces(): AsyncGenerator<Uint8Array>;
  /** Ends the connection where the body was not read to its end. */
  cancel(): Promise<void>;
}

/**
 * @throws PassingFailure where another try may help; RoentgenError "file-unreadable" where it would not
 */
export async function request(url: string, options: RequestOptions): Promise<Answer> {
  const { from, validator, silenceMs, signal } = options;
  const silence = watchSilence(silenceMs, signal);
  const headers: Record<string, string> = { "Accept-Encoding": "identity" };
  if (from > 0) headers.Range = `bytes=${from}-`;
  if (from > 0 && validator) headers["If-Range"] = validator;
  const response = await passingUnless(signal, () =>
    followRedirects(new URL(url), headers, options.redirects, silence.signal),
  ).finally(silence.end);
  const { status } = response;
  if (status === 200 || status === 206 || status === 416) {
    return describeAnswer(status, response, { silence, signal });
  }
  await response.body?.cancel();
  throw refusal(url, response);
}

function describeAnswer(
  status: 200 | 206 | 416,
  response: Response,
  { silence, signal }: { silence: Silence; signal?: AbortSignal },
): Answer {
  const { headers, body } = response;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "");
  const verbatim = (headers.get("content-encoding") ?? "identity") === "identity";
  const total = status === 200 ? headers.get("content-length") : range?.[2];
  return {
    status,
    from: status === 200 ? 0 : Number(range?.[1] ?? Number.NaN),
    total: verbatim && /^\d+$/.test(total ?? "") ? Number(total) : undefined,
    validator: validatorOf(headers),
    verbatim,
    pieces: () => readPieces(response, { silence, signal }),
    // A body that was read to its end, or broke off, has nothing left to cancel.
    cancel: async () => {
      if (!body?.locked) await body?.cancel().catch(() => {});
    },
  };
}

async function* readPieces(
  { body }: Response,
  { silence, signal }: { silence: Silence; signal?: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    while (reader) {
      silence.begin();
      const { done, value } = await passingUnless(signal, () => reader.read());
      silence.end();
      if (done) return;
      yield value;
    }
  } finally {
    silence.end();
    await reader?.cancel().catch(() => {});
  }
}

/** If-Range takes no weak tags (RFC 9110, section 13.1.5). */
function validatorOf(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  return (tag?.startsWith('"') ? tag : headers.get("last-modified")) ?? undefined;
}

async function followRedirects(
  url: URL,
  headers: Record<string, string>,
  redirects: number,
  signal: AbortSignal,
): Promise<Response> {
  const response = await fetch(url, { headers, redirect: "manual", signal });
  const location = response.headers.get("location");
  if (![301, 302, 303, 307, 308].includes(response.status) || !location) return response;
  await response.body?.cancel();
  const next = new URL(location, url);
  const downgraded = url.protocol === "https:" && next.protocol !== "https:";
  if (redirects > 0 && !downgraded && /^https?:$/.test(next.protocol)) {
    return followRedirects(next, headers, redirects - 1, signal);
  }
  throw new RoentgenError("file-unreadable", {
    problem: `Cannot download ${url}`,
    expected: "few redirects, none from https to anything else",
    found: `a redirect to ${next}`,
    remedy: "The address may be out of date; look at the page of the data set.",
    subject: url.href,
  });
}

const busy = new Set([408, 429, 500, 502, 503, 504]);

function refusal(url: string, { status, statusText, headers }: Response): Error {
  const found = `the answer ${status} ${statusText}`.trim();
  if (busy.has(status)) {
    return new PassingFailure(found, { pauseMs: retryAfterMs(headers.get("retry-after")) });
  }
  const closed = status === 401 || status === 403;
  return new RoentgenError("file-unreadable", {
    problem: `Cannot download ${url}`,
    expected: "the file",
    found,
    remedy: closed
      ? "It asks for an account: look at the page of the data set."
      : "The address may be out of date: look at the page of the data set.",
    subject: url,
  });
}

const LONGEST_WAIT_MS = 5 * 60_000;

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(value: string | null): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}

/** Runs network work: whatever fails is passing, unless it was cancelled or is an error in words already. */
async function passingUnless<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const known = error instanceof RoentgenError || error instanceof PassingFailure;
    if (known || signal?.aborted) throw error;
    // Node's fetch says "fetch failed" or "terminated"; why is in the cause.
    const { message, cause } = error as Error;
    const reason = cause instanceof Error && cause.message ? cause.message : message;
    throw new PassingFailure(`the connection failed (${reason})`, { cause: error });
  }
}

interface Silence {
  /** Fires when the server was silent too long, or the caller's own signal does. */
  readonly signal: AbortSignal;
  begin(): void;
  end(): void;
}

/** A clock that runs while a server is waited for. */
function watchSilence(ms: number, outer: AbortSignal | undefined): Silence {
  const controller = new AbortController();
  const signals = [controller.signal, ...(outer ? [outer] : [])];
  const giveUp = () => controller.abort(new PassingFailure(`the server was silent for ${ms} ms`));
  let timer = setTimeout(giveUp, ms);
  return {
    signal: AbortSignal.any(signals),
    begin() {
      clearTimeout(timer);
      timer = setTimeout(giveUp, ms);
    },
    end() {
      clearTimeout(timer);
    },
  };
}
