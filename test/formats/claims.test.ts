import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { makeTable, memorySource } from "../../src/base/index.ts";
import { readArrow, readParquet, writeArrow } from "../../src/formats/index.ts";

// Thrift's compact protocol, as little of it as a Parquet footer needs.

type Field = [id: number, type: 5 | 6 | 8 | 9 | 12, value: number[]];

function varint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
}
const integer = (value: number | bigint): number[] => varint(BigInt(value) * 2n);
const bytes = (text: string): number[] => [text.length, ...new TextEncoder().encode(text)];
const list = (...items: number[][]): number[] => [(items.length << 4) | 12, ...items.flat()];
const names = (...items: number[][]): number[] => [(items.length << 4) | 8, ...items.flat()];

function struct(...fields: Field[]): number[] {
  let before = 0;
  const body = fields.flatMap(([id, type, value]) => {
    const header = ((id - before) << 4) | type;
    before = id;
    return [header, ...value];
  });
  return [...body, 0];
}

interface Claims {
  rows: number;
  pageRows: number;
  uncompressed: number;
  page: number[];
  compressedPage?: number;
}

/** A Parquet file of one required DOUBLE column in one dictionary-coded or plain page. */
function parquetFile({ rows, pageRows, uncompressed, page, compressedPage }: Claims): Uint8Array {
  const dataPage = struct(
    [1, 5, integer(pageRows)],
    [2, 5, integer(0)],
    [3, 5, integer(3)],
    [4, 5, integer(3)],
  );
  const header = struct(
    [1, 5, integer(0)],
    [2, 5, integer(uncompressed)],
    [3, 5, integer(compressedPage ?? page.length)],
    [5, 12, dataPage],
  );
  const chunk = [...header, ...page];
  const metadata = struct(
    [1, 5, integer(5)],
    [2, 9, [0x15, 0]],
    [3, 9, names(bytes("x"))],
    [4, 5, integer(0)],
    [5, 6, integer(rows)],
    [6, 6, integer(uncompressed + header.length)],
    [7, 6, integer(chunk.length)],
    [9, 6, integer(4)],
  );
  const schema = list(
    struct([4, 8, bytes("root")], [5, 5, integer(1)]),
    struct([1, 5, integer(5)], [3, 5, integer(0)], [4, 8, bytes("x")]),
  );
  const group = struct(
    [1, 9, list(struct([2, 6, integer(4)], [3, 12, metadata]))],
    [2, 6, integer(uncompressed)],
    [3, 6, integer(rows)],
  );
  const footer = struct(
    [1, 5, integer(1)],
    [2, 9, schema],
    [3, 6, integer(rows)],
    [4, 9, list(group)],
  );
  const magic = [...new TextEncoder().encode("PAR1")];
  const size = [footer.length & 255, footer.length >> 8, 0, 0];
  return Uint8Array.from([...magic, ...chunk, ...footer, ...size, ...magic]);
}

async function refusal(read: Promise<unknown>): Promise<{ code: string; milliseconds: number }> {
  const start = performance.now();
  const code = await read.then(
    () => "no error",
    (error) => error.code,
  );
  return { code, milliseconds: performance.now() - start };
}

const eightBytes = [0, 0, 0, 0, 0, 0, 0xf8, 0x3f];
const sound: Claims = { rows: 1, pageRows: 1, uncompressed: 8, page: eightBytes };

describe("a Parquet file of 200 bytes", () => {
  test("that claims only what it holds is read", async () => {
    const file = parquetFile(sound);
    expect(file.length).toBeLessThan(200);
    const table = await readParquet(memorySource(file));
    expect(table.columns).toEqual([{ kind: "number", name: "x", values: Float64Array.of(1.5) }]);
  });

  test.each<[string, Partial<Claims>]>([
    ["a billion rows", { rows: 1_000_000_000 }],
    ["a billion rows on a page", { rows: 1_000_000_000, pageRows: 1_000_000_000 }],
    ["more rows on a page than in the group", { pageRows: 2_000_000 }],
    ["fewer values than rows", { rows: 1000, pageRows: 1000 }],
    ["a page of 2 GB", { uncompressed: 2_000_000_000 }],
    ["a page longer than the file", { compressedPage: 2_000_000_000 }],
    ["a page of negative length", { compressedPage: -100 }],
  ])("that claims %s is refused at once", async (_case, claims) => {
    const file = parquetFile({ ...sound, ...claims });
    const { code, milliseconds } = await refusal(readParquet(memorySource(file)));
    expect(code).toMatch(/^file-(corrupt|truncated)$/);
    expect(milliseconds).toBeLessThan(500);
  });

  test("whose list claims two billion items is refused at once", async () => {
    const file = parquetFile(sound);
    const footer = file.length - 8 - file[file.length - 8];
    // The schema's list header: "count follows", then a count of 2^31 − 1.
    file.set([0xfc, 0xff, 0xff, 0xff, 0xff, 0x07], footer + 3);
    const { code, milliseconds } = await refusal(readParquet(memorySource(file)));
    expect(code).toBe("file-corrupt");
    expect(milliseconds).toBeLessThan(500);
  });
});

/** The file with every 64-bit integer of one value replaced. */
function withLength(file: Uint8Array, from: bigint, to: bigint): Uint8Array {
  const changed = file.slice();
  const view = new DataView(changed.buffer);
  for (let at = 0; at + 8 <= changed.length; at += 4) {
    if (view.getBigInt64(at, true) === from) view.setBigInt64(at, to, true);
  }
  return changed;
}

describe("a small Arrow file", () => {
  const values = Float64Array.from({ length: 37 }, (_, row) => row);
  const table = makeTable([{ kind: "number", name: "x", values }]);

  test.each([false, true])(
    "that claims a billion rows is refused at once (stream: %s)",
    async (stream) => {
      const file = writeArrow(table, { stream });
      expect(await readArrow(memorySource(file))).toEqual(table);
      for (const claim of [1_000_000_000n, 2n ** 62n, -5n]) {
        const hostile = withLength(file, 37n, claim);
        const { code, milliseconds } = await refusal(readArrow(memorySource(hostile)));
        expect(code).toBe("file-corrupt");
        expect(milliseconds).toBeLessThan(500);
      }
    },
  );

  test("whose text claims two billion buffers is refused at once", async () => {
    const file = new Uint8Array(
      readFileSync(new URL("arrow/expected/polars-zstd.arrow", import.meta.url)),
    );
    const view = new DataView(file.buffer);
    let refused = 0;
    // The counts are among the ones and zeros of 64 bits.
    for (let at = 0; at + 8 <= file.length; at += 8) {
      if (view.getBigInt64(at, true) !== 1n && view.getBigInt64(at, true) !== 0n) continue;
      const changed = file.slice();
      new DataView(changed.buffer).setBigInt64(at, 2n ** 31n, true);
      const { code, milliseconds } = await refusal(readArrow(memorySource(changed)));
      if (code === "file-corrupt") refused++;
      expect(milliseconds).toBeLessThan(1000);
    }
    expect(refused).toBeGreaterThan(0);
  });

  test("whose buffer claims 8 GB is refused at once", async () => {
    const file = writeArrow(table, { stream: true });
    const { code } = await refusal(readArrow(memorySource(withLength(file, 296n, 2n ** 33n))));
    expect(code).toMatch(/^file-(corrupt|truncated)$/);
  });
});
