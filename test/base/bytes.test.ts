import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openFile } from "#files";
import type { ByteSource } from "../../src/base/index.ts";
import { memorySource } from "../../src/base/index.ts";

const folder = mkdtempSync(join(tmpdir(), "roentgen-bytes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const content = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);
const path = join(folder, "content.bin");
writeFileSync(path, content);

const sources: [string, () => Promise<ByteSource>][] = [
  ["memory", async () => memorySource(content, "content.bin")],
  ["a file", () => openFile(path)],
];

describe.each(sources)("bytes from %s", (_, open) => {
  it("are read from anywhere, in exactly the length that was asked for", async () => {
    const source = await open();
    expect(source.byteLength).toBe(content.length);
    expect(await source.read(1000, 5)).toEqual(content.subarray(1000, 1005));
    expect(await source.read(content.length, 0)).toHaveLength(0);
    await source.close();
  });

  it("fill memory of the caller, and no more of it than was given", async () => {
    const source = await open();
    const room = new Uint8Array(200_002).fill(255);
    await source.readInto(50, room.subarray(1, 200_001));
    expect(room[0]).toBe(255);
    expect(room[200_001]).toBe(255);
    expect(room.subarray(1, 200_001)).toEqual(content.subarray(50, 200_050));
    await source.close();
  });

  it("end where they end: a read beyond is an error in words", async () => {
    const source = await open();
    const beyond = [
      source.read(299_999, 2),
      source.readInto(299_999, new Uint8Array(2)),
      source.read(-1, 1),
    ];
    for (const reading of beyond)
      await expect(reading).rejects.toMatchObject({ code: "file-truncated" });
    await source.close();
  });
});
