import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeTable, memorySource, RoentgenError } from "../../src/base/index.ts";
import { type FormatName, readData, writeData } from "../../src/formats/index.ts";

const fixture = (path: string) => new Uint8Array(readFileSync(new URL(path, import.meta.url)));

const table = makeTable([
  { kind: "number", name: "x", values: Float64Array.from({ length: 40 }, (_, i) => i / 3) },
  {
    kind: "text",
    name: "t",
    values: Array.from({ length: 40 }, (_, i) => (i % 5 ? `s${i}` : null)),
  },
]);

async function written(format: FormatName): Promise<Uint8Array> {
  return new Uint8Array(Buffer.concat([...(await writeData({ kind: "table", table }, format))]));
}

/** Sound files of every kind, small so that changes hit what matters. */
const samples: [name: string, format: FormatName, bytes: Uint8Array][] = [
  ["our own Parquet", "parquet", await written("parquet")],
  ...[
    ...["duckdb-zstd", "duckdb-gzip", "duckdb-brotli", "duckdb-snappy", "duckdb-lz4"],
    ...["duckdb-lz4_raw", "duckdb-v2", "arrow-rs-v1", "arrow-rs-v2", "arrow-rs-delta", "polars"],
  ].map((name): [string, FormatName, Uint8Array] => [
    `${name}.parquet`,
    "parquet",
    fixture(`parquet/expected/${name}.parquet`),
  ]),
  ["our own Arrow", "arrow", await written("arrow")],
  ...["polars-uncompressed", "polars-lz4", "polars-zstd", "arrow-rs-stream"].map(
    (name): [string, FormatName, Uint8Array] => [
      `${name}.arrow`,
      "arrow",
      fixture(`arrow/expected/${name}.arrow`),
    ],
  ),
  ["CSV", "csv", new TextEncoder().encode('id;a;"b ""x"""\r\n001;1,5;"l\nf"\r\n2;NA;ü\r\n')],
];

/** Reads; only a RoentgenError may come out, and soon. */
async function survives(bytes: Uint8Array, format: FormatName): Promise<void> {
  const start = performance.now();
  try {
    await readData(memorySource(bytes, "hostile"), { format });
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
  }
  expect(performance.now() - start).toBeLessThan(5000);
}

/** Set ROENTGEN_FUZZ_RUNS to thousands for a long look. */
const RUNS = Number(process.env.ROENTGEN_FUZZ_RUNS ?? 80);

const byte = fc.integer({ min: 0, max: 255 });
const length = fc.constantFrom(0, 1, 0x7f, 0x80, 0xff);

describe.each(samples)("%s", (name, format, bytes) => {
  // Brotli takes some milliseconds a page before its first byte.
  const numRuns = name.includes("brotli") ? Math.ceil(RUNS / 10) : RUNS;
  const position = fc.nat({ max: bytes.length - 1 });
  // Metadata stand at the end of Parquet and Arrow files: half the changes go there.
  const late = fc.nat({ max: Math.min(bytes.length, 600) - 1 }).map((at) => bytes.length - 1 - at);
  const changes = fc.array(fc.tuple(fc.oneof(position, late), fc.oneof(byte, length)), {
    minLength: 1,
    maxLength: 6,
  });

  test("with bytes changed gives a table or an error in words", async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const changed = bytes.slice();
        for (const [at, value] of list) changed[at] = value;
        await survives(changed, format);
      }),
      { numRuns },
    );
  });

  test("with runs of 0xff, such as huge lengths have, gives a table or an error in words", async () => {
    const run = fc.tuple(fc.oneof(position, late), fc.integer({ min: 2, max: 9 }));
    await fc.assert(
      fc.asyncProperty(run, async ([at, count]) => {
        await survives(bytes.slice().fill(0xff, at, at + count), format);
      }),
      { numRuns },
    );
  });

  test("cut off anywhere gives a table or an error in words", async () => {
    await fc.assert(
      fc.asyncProperty(position, (end) => survives(bytes.slice(0, end), format)),
      { numRuns },
    );
  });

  test("with pieces moved gives a table or an error in words", async () => {
    const move = fc.tuple(position, position, fc.integer({ min: 1, max: 64 }));
    await fc.assert(
      fc.asyncProperty(move, async ([to, from, count]) => {
        const changed = bytes.slice();
        changed.copyWithin(to, from, from + count);
        await survives(changed, format);
      }),
      { numRuns },
    );
  });
});

test.each<FormatName>(["csv", "tsv", "parquet", "arrow"])(
  "random bytes are no %s",
  async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) => survives(bytes, format)),
      { numRuns: RUNS },
    );
  },
);
