// A file server on this machine that does what servers do on bad days: one behaviour a request, the last one from then on.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with a request; `serve` behaves well. */
export type Behaviour = (
  request: IncomingMessage,
  response: ServerResponse,
  serve: (options?: ServeOptions) => void,
) => void;

interface ServeOptions {
  readonly content?: Uint8Array;
  /** null for none. */
  readonly etag?: string | null;
  readonly ranges?: boolean;
  /** Breaks the connection after so many bytes. */
  readonly dropAfter?: number;
  readonly arrived?: () => number;
}

export interface FileServer {
  readonly url: string;
  /** Headers of the requests that came, in order. */
  readonly requests: IncomingMessage["headers"][];
  /** What to do from the next request on. */
  behave(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

/**
 * Opens a server for `content`.
 * @param arrived how many bytes the client has: a connection is dropped only once what was sent is there
 */
export async function openServer(content: Uint8Array, arrived: () => number): Promise<FileServer> {
  let behaviours: Behaviour[] = [];
  const requests: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    const serve = (options: ServeOptions = {}) =>
      serveFile(request, response, { content, arrived, ...options });
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
    if (behaviour) behaviour(request, response, serve);
    else serve();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`,
    requests,
    behave(...next) {
      behaviours = next;
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** RFC 9110: the range if the file is still the same, else all of it. */
function serveFile(
  { headers }: IncomingMessage,
  response: ServerResponse,
  {
    content = new Uint8Array(),
    etag = '"first"',
    ranges = true,
    dropAfter = Number.POSITIVE_INFINITY,
    arrived = () => 0,
  }: ServeOptions,
): void {
  const asked = /^bytes=(\d+)-$/.exec(headers.range ?? "");
  const condition = headers["if-range"];
  const partial = asked && ranges && (condition === undefined || condition === etag);
  const from = partial ? Number(asked[1]) : 0;
  if (etag !== null) response.setHeader("ETag", etag);
  if (partial && from >= content.length) {
    response.writeHead(416, { "Content-Range": `bytes */${content.length}` }).end();
    return;
  }
  const range = `bytes ${from}-${content.length - 1}/${content.length}`;
  response.writeHead(partial ? 206 : 200, {
    "Content-Length": content.length - from,
    ...(partial ? { "Content-Range": range } : {}),
  });
  const body = content.subarray(from);
  if (body.length <= dropAfter) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, dropAfter));
  const deadline = Date.now() + 5000;
  const dropOnceThere = () => {
    if (arrived() >= from + dropAfter || Date.now() > deadline) response.destroy();
    else setTimeout(dropOnceThere, 2);
  };
  dropOnceThere();
}
