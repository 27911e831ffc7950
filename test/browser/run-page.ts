// Opens a page of this folder in Chromium and waits for what it sends back.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { rolldown } from "rolldown";
import { pageResolution } from "./page-resolution.ts";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
export const chromium = browsers.find(existsSync);

/** What the server of a page has besides the page: files by their path, and headers. */
export interface Served {
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the browser, beside those that it needs everywhere. */
  readonly flags?: readonly string[];
}

/** What a page of this folder sends back by `sendBack`. */
export async function runPage<Result>(source: string, served: Served = {}): Promise<Result> {
  const script = await bundlePage(source);
  const server = createServer();
  const answer = new Promise<string>((resolve) => {
    const respond = serve(script, served, resolve);
    server.on("request", (request, response) => void respond(request, response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const sent = await whileOpen([...(served.flags ?? []), `http://127.0.0.1:${port}/`], answer);
    const { result, failure } = JSON.parse(sent);
    if (failure) throw new Error(`In the page: ${failure}`);
    return result;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Types without which a browser does not take a file for what it is. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

function serve(script: string, { files, headers = {} }: Served, answer: (text: string) => void) {
  const page =
    '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';
  return async (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(request.url ?? "/");
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const ending = path === "/" ? "html" : path.slice(path.lastIndexOf(".") + 1);
    const type = TYPES[ending];
    if (type) response.setHeader("content-type", type);
    if (path === "/") response.end(page);
    else if (path === "/page.js") response.end(script);
    else if (path === "/answer") {
      answer(await text(request));
      response.end();
    } else {
      const file = files?.get(path.slice(1));
      if (!file) response.statusCode = 404;
      response.end(file);
    }
  };
}

/** The page's script with everything that it imports, as a browser takes it. */
async function bundlePage(page: string): Promise<string> {
  const bundle = await rolldown({ input: join(import.meta.dirname, page), ...pageResolution });
  const { output } = await bundle.generate({ format: "esm", codeSplitting: false });
  return output[0].code;
}

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Keeps a browser with these arguments, an address among them, open until the answer is there. */
async function whileOpen(args: readonly string[], answer: Promise<string>): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "roentgen-chromium-"));
  const run = [...FLAGS, `--user-data-dir=${profile}`, ...args];
  const browser = spawn(chromium as string, run, { stdio: "ignore" });
  const ended = once(browser, "exit");
  try {
    return await Promise.race([answer, ended.then(([code]) => failed(code))]);
  } finally {
    await stop(browser, ended);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function failed(code: number | null): never {
  throw new Error(`Chromium ended (${code}) before the page had answered.`);
}

async function stop(browser: ChildProcess, ended: Promise<unknown>): Promise<void> {
  browser.kill("SIGTERM");
  await ended;
}
