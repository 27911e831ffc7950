// Downloads from a server on this machine that misbehaves in every way that a download must survive.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ProgressStep } from "../../../../src/base/index.ts";
import {
  type DownloadOptions,
  downloadFile,
  type FileToFetch,
} from "../../../../src/datasets/catalogue/download/download-file.ts";
import { type Behaviour, type FileServer, openServer } from "./misbehaving-server.ts";

const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919) >> 8);
const md5 = createHash("md5").update(content).digest("hex");
const other = content.map((byte) => byte ^ 1);

let server: FileServer;
let folder: string;
let path: string;
beforeAll(async () => {
  server = await openServer(content, keptBytes);
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "roentgen-download-"));
  path = join(folder, "file.bin");
  server.behave();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function keptBytes(): number {
  return existsSync(`${path}.part`) ? statSync(`${path}.part`).size : 0;
}
const digest = { algorithm: "md5", hex: md5 } as const;
const fetchIt = (
  file: Partial<FileToFetch> = {},
  options: DownloadOptions = {},
  signal?: AbortSignal,
) => downloadFile({ url: server.url, ...file }, path, { pauseMs: 1, ...options }, { signal });
const drop =
  (dropAfter: number): Behaviour =>
  (_request, _response, serve) =>
    serve({ dropAfter });
const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (_request, response) =>
    response.writeHead(code, headers).end();
const fine: Behaviour = (_request, _response, serve) => serve();

function expectWhole(expected = content): void {
  expect(readFileSync(path).equals(expected)).toBe(true);
  expect(readdirSync(folder)).toEqual(["file.bin"]);
}

describe("downloading a file", () => {
  it("brings it whole to its place, checked, with progress", async () => {
    const steps: ProgressStep[] = [];
    const work = { onProgress: (step: ProgressStep) => steps.push(step) };
    const fetched = await downloadFile({ url: server.url, digest }, path, {}, work);
    expect(fetched).toEqual({ path, byteLength: 300_000, alreadyThere: false, checked: true });
    expectWhole();
    const last = steps.filter(({ stage }) => stage.startsWith("Downloading file.bin")).at(-1);
    expect(last).toMatchObject({ done: 0.3, total: 0.3, unit: "MB" });
    expect(server.requests[0]).toMatchObject({ "accept-encoding": "identity" });
  });

  it("makes the folders that it lies in", async () => {
    path = join(folder, "a", "b", "file.bin");
    await fetchIt();
    expect(existsSync(path)).toBe(true);
  });

  it("continues where a connection dropped, and only the same file", async () => {
    server.behave(drop(100_000), drop(50_000), fine);
    await fetchIt();
    expectWhole();
    expect(server.requests.map(({ range }) => range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=\d+-$/),
      expect.stringMatching(/^bytes=\d+-$/),
    ]);
    expect(server.requests[1]["if-range"]).toBe('"first"');
  });

  it("continues what an earlier call left", async () => {
    server.behave(drop(200_000));
    const failed = fetchIt({}, { attempts: 1 });
    await expect(failed).rejects.toThrow(/file\.bin\.part; the same call continues/);
    expect(readdirSync(folder)).toEqual(["file.bin.part", "file.bin.part.json"]);
    server.behave(fine);
    await fetchIt();
    expectWhole();
    expect(server.requests[0].range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it("takes all of it from a server that ignores ranges", async () => {
    server.behave(drop(100_000), (_request, _response, serve) => serve({ ranges: false }));
    await fetchIt();
    expectWhole();
  });

  it("takes all of a file that changed in between", async () => {
    server.behave(drop(100_000), (_request, _response, serve) =>
      serve({ content: other, etag: '"second"' }),
    );
    await fetchIt();
    expectWhole(other);
  });

  it("begins anew where nothing tells whether the file is the same", async () => {
    const dropNameless: Behaviour = (_request, _response, serve) =>
      serve({ etag: null, dropAfter: 100_000 });
    server.behave(dropNameless, fine);
    await fetchIt();
    expect(server.requests[1].range).toBeUndefined();
    expectWhole();
    rmSync(path);
    server.behave(dropNameless, fine);
    await fetchIt({ digest });
    expect(server.requests[1].range).toBeDefined();
    expectWhole();
  });

  it("begins anew where what is kept came from elsewhere or is of unknown origin", async () => {
    writeFileSync(`${path}.part`, "of another download");
    await fetchIt();
    expectWhole();
    rmSync(path);
    writeFileSync(`${path}.part`, "of another download");
    writeFileSync(`${path}.part.json`, '{"url":"http://elsewhere/","validator":"x"}');
    await fetchIt();
    expectWhole();
  });

  it("does not join bytes that were compressed on the way", async () => {
    const gzipped: Behaviour = (_request, response) => {
      const body = gzipSync(content, { level: 1 });
      const headers = { "Content-Encoding": "gzip", "Content-Length": body.length, ETag: '"z"' };
      response.writeHead(200, headers);
      response.write(body.subarray(0, body.length - 100), () => response.destroy());
    };
    server.behave(gzipped, fine);
    await fetchIt({ digest });
    expect(server.requests[1].range).toBeUndefined();
    expectWhole();
  });

  it("finishes what is whole already but has no place yet", async () => {
    server.behave(drop(200_000));
    await fetchIt({}, { attempts: 1 }).catch(() => {});
    writeFileSync(`${path}.part`, content);
    server.behave(fine);
    await fetchIt();
    expectWhole();
  });

  it("begins anew where more is kept than there is", async () => {
    server.behave(drop(200_000));
    await fetchIt({}, { attempts: 1 }).catch(() => {});
    writeFileSync(`${path}.part`, Buffer.concat([content, content]));
    server.behave(fine);
    await fetchIt();
    expectWhole();
  });

  it("takes no range that it did not ask for", async () => {
    const wrong: Behaviour = (_request, response) =>
      response
        .writeHead(206, { "Content-Range": "bytes 5-9/300000", "Content-Length": 5 })
        .end("wrong");
    server.behave(drop(100_000), wrong, wrong, fine);
    await fetchIt();
    expectWhole();
  });

  it("brings the same bytes wherever connections drop", async () => {
    const places = fc.array(fc.nat({ max: 150_000 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(places, fc.boolean(), async (drops, ranges) => {
        rmSync(path, { force: true });
        const dropping = drops.map(
          (dropAfter): Behaviour =>
            (_request, _response, serve) =>
              serve({ dropAfter, ranges }),
        );
        server.behave(...dropping, fine);
        await fetchIt({}, { attempts: 10 });
        expectWhole();
      }),
      { numRuns: 15 },
    );
  });
});

describe("a server in trouble", () => {
  it.each([408, 429, 500, 502, 503, 504])("is asked again after %s", async (code) => {
    server.behave(status(code, { "Retry-After": "0" }), fine);
    await fetchIt({}, { pauseMs: 60_000 });
    expect(server.requests).toHaveLength(2);
    expectWhole();
  });

  it("is given up after so many tries in a row, saying why", async () => {
    server.behave(status(503));
    await expect(fetchIt({}, { attempts: 3 })).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringMatching(/tried 3 times in a row: found the answer 503/),
    });
    expect(server.requests).toHaveLength(3);
  });

  it("is given up after silence before or within the file", async () => {
    const silent: Behaviour = () => {};
    const stuck: Behaviour = (_request, response) => {
      response.writeHead(200, { "Content-Length": content.length }).write("a few bytes");
    };
    for (const behaviour of [silent, stuck]) {
      server.behave(behaviour);
      const failed = fetchIt({}, { attempts: 2, silenceMs: 50 });
      await expect(failed).rejects.toThrow(/the server was silent for 50 ms/);
      expect(server.requests).toHaveLength(2);
    }
  });

  it.each([
    [404, /answer 404.*look at the page of the data set/],
    [401, /It asks for an account/],
    [403, /It asks for an account/],
  ])("is not asked again after %s", async (code, message) => {
    server.behave(status(code));
    await expect(fetchIt()).rejects.toMatchObject({
      code: "file-unreadable",
      message: expect.stringMatching(message),
    });
    expect(server.requests).toHaveLength(1);
  });

  it("that is not there is said in words", async () => {
    const failed = fetchIt({ url: "http://127.0.0.1:9/file.bin" }, { attempts: 2 });
    await expect(failed).rejects.toThrow(/the connection failed/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("redirects", () => {
  it("are followed, to whole files and to the rest of one", async () => {
    const away = status(302, { Location: "/elsewhere.bin" });
    server.behave(away, drop(100_000), away, fine);
    await fetchIt();
    expect(server.requests).toHaveLength(4);
    expect(server.requests[3].range).toBeDefined();
    expectWhole();
  });

  it.each(["/again.bin", "file:///etc/passwd", "ftp://127.0.0.1/file.bin"])(
    "to %s are followed no further than allowed",
    async (location) => {
      server.behave(status(302, { Location: location }));
      const failed = fetchIt({}, { redirects: 2 });
      await expect(failed).rejects.toMatchObject({
        code: "file-unreadable",
        message: expect.stringContaining("a redirect to"),
      });
      expect(server.requests.length).toBeLessThanOrEqual(3);
    },
  );
});

describe("a checksum", () => {
  it("that is wrong removes what came and says what was found", async () => {
    server.behave((_request, _response, serve) => serve({ content: other }));
    const found = createHash("md5").update(other).digest("hex");
    await expect(fetchIt({ digest })).rejects.toMatchObject({
      code: "file-corrupt",
      message: expect.stringContaining(`expected md5 ${md5}, found ${found}`),
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("catches damage to what an earlier call left", async () => {
    server.behave(drop(200_000));
    await fetchIt({ digest }, { attempts: 1 }).catch(() => {});
    const part = readFileSync(`${path}.part`);
    part[0] ^= 1;
    writeFileSync(`${path}.part`, part);
    server.behave(fine);
    await expect(fetchIt({ digest })).rejects.toMatchObject({ code: "file-corrupt" });
    await fetchIt({ digest });
    expectWhole();
  });

  it("may be SHA-256", async () => {
    const hex = createHash("sha256").update(content).digest("hex");
    await fetchIt({ digest: { algorithm: "sha256", hex } });
    expectWhole();
  });

  it("keeps a file that is there, and refuses another one", async () => {
    writeFileSync(path, content);
    expect(await fetchIt({ digest })).toMatchObject({ alreadyThere: true, checked: true });
    expect(await fetchIt()).toMatchObject({ alreadyThere: true, checked: false });
    writeFileSync(path, other);
    await expect(fetchIt({ digest })).rejects.toThrow(/is there already, but is another file/);
    expect(readFileSync(path).equals(other)).toBe(true);
    expect(server.requests).toHaveLength(0);
  });
});

describe("a download that is cancelled", () => {
  it("keeps what came and continues it later", async () => {
    const controller = new AbortController();
    server.behave((_request, response) => {
      response.writeHead(200, { "Content-Length": content.length, ETag: '"first"' });
      response.write(content.subarray(0, 100_000));
      const waiting = setInterval(() => {
        if (keptBytes() < 100_000) return;
        clearInterval(waiting);
        controller.abort();
      }, 2);
    });
    await expect(fetchIt({}, {}, controller.signal)).rejects.toMatchObject({
      code: "cancelled",
      message: expect.stringContaining("the same call continues them"),
    });
    server.behave(fine);
    await fetchIt();
    expect(server.requests[0].range).toBe("bytes=100000-");
    expectWhole();
  });

  it("does not wait for a pause to end", async () => {
    const controller = new AbortController();
    server.behave((_request, response) => {
      response.writeHead(503, { "Retry-After": "60" }).end();
      setTimeout(() => controller.abort(), 20);
    });
    await expect(fetchIt({}, {}, controller.signal)).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("a disk", () => {
  it("that is too small is found out before anything comes", async () => {
    server.behave((_request, response) => {
      response.writeHead(200, { "Content-Length": "9000000000000000" }).write("a few bytes");
    });
    await expect(fetchIt()).rejects.toMatchObject({
      code: "write-failed",
      message: expect.stringMatching(/too small: expected 9000000000 MB of free space/),
    });
  });

  // A limit on the size of files (ulimit -f) stands in for the full disk, since it needs no privileges.
  it.skipIf(process.platform === "win32")(
    "that fills up keeps what came (no ulimit on Windows)",
    async () => {
      const script = fileURLToPath(new URL("../fixtures/download.ts", import.meta.url));
      const command = `ulimit -f 200; exec "$0" --conditions=roentgen-source "$@"`;
      const words = ["-c", command, process.execPath, script, server.url, path];
      const { stdout } = await promisify(execFile)("sh", words, { encoding: "utf8" });
      expect(JSON.parse(stdout)).toMatchObject({
        code: "write-failed",
        message: expect.stringMatching(/the disk is full.*are kept in .*file\.bin\.part/),
      });
      await fetchIt();
      expect(server.requests.at(-1)?.range).toMatch(/^bytes=[1-9]/);
      expectWhole();
    },
  );
});
