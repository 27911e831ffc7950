// Arrow files of Polars (arrow2 in Rust) and arrow-rs and the values that they hold.
//
// Needs nodejs-polars, parquet-wasm and apache-arrow, outside the project:
//   npm install --prefix /tmp/oracle nodejs-polars parquet-wasm apache-arrow
//   cp test/formats/arrow/expected/make-fixtures.mjs /tmp/oracle && node /tmp/oracle/make-fixtures.mjs test/formats/arrow/expected

import { readFileSync, writeFileSync } from "node:fs";
import * as arrow from "apache-arrow";
import pl from "nodejs-polars";
import * as wasm from "parquet-wasm/node";

const folder = process.argv[2];
const rows = 60;
const make = (value, missing = 7) =>
  Array.from({ length: rows }, (_, i) => (i % missing === 3 ? null : value(i)));

const columns = {
  f64: make((i) => i / 7),
  i32: make((i) => i * i - 300, 5),
  flag: make((i) => i % 3 === 0),
  // Repetitive and long enough that compression works across blocks.
  text: make((i) => `patient ${String(i % 11).padStart(3, "0")} Müller`),
  whole: make((i) => i, 1000),
};
const frame = pl
  .DataFrame({
    ...columns,
    big: Array.from({ length: rows }, (_, i) => 9007199254740990n + BigInt(i)),
    f32: columns.f64,
    u8: columns.whole,
    category: columns.text,
    day: columns.whole,
    moment: columns.whole.map((v) => (v === null ? null : v * 1_500_000 - 1)),
    clock: columns.whole.map((v) => (v === null ? null : v * 1_000_000_000)),
  })
  .withColumns(
    pl.col("f32").cast(pl.Float32),
    pl.col("u8").cast(pl.UInt8),
    pl.col("i32").cast(pl.Int32),
    pl.col("category").cast(pl.Categorical),
    pl.col("day").cast(pl.Int32).cast(pl.Date),
    pl.col("moment").cast(pl.Int64).cast(pl.Datetime("us")),
    pl.col("clock").cast(pl.Int64).cast(pl.Time),
  );
const text = frame.select(
  pl.col("big").cast(pl.Utf8),
  pl.col("day").cast(pl.Utf8),
  pl.col("moment").cast(pl.Utf8),
  pl.col("clock").cast(pl.Utf8),
  pl.col("category").cast(pl.Utf8),
);

const files = [];
for (const compression of ["uncompressed", "lz4", "zstd"]) {
  const file = `polars-${compression}.arrow`;
  frame.writeIPC(`${folder}/${file}`, { compression });
  files.push(file);
}

// More than one LZ4 block of 64 kB, with matches that reach back into the block before.
pl.DataFrame({ x: Array.from({ length: 12_000 }, (_, i) => (i * i) % 977) }).writeIPC(
  `${folder}/polars-lz4-blocks.arrow`,
  { compression: "lz4" },
);

// arrow-rs, as a stream, by way of Parquet.
const plain = new arrow.Table({
  f64: arrow.vectorFromArray(columns.f64, new arrow.Float64()),
  i32: arrow.vectorFromArray(columns.i32, new arrow.Int32()),
  flag: arrow.vectorFromArray(columns.flag, new arrow.Bool()),
  text: arrow.vectorFromArray(columns.text, new arrow.Utf8()),
});
const parquet = wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(plain, "stream")));
writeFileSync(`${folder}/arrow-rs-stream.arrow`, wasm.readParquet(parquet).intoIPCStream());

const list = arrow.vectorFromArray(
  [[1, 2], [3]],
  new arrow.List(new arrow.Field("item", new arrow.Int32())),
);
writeFileSync(`${folder}/nested.arrow`, arrow.tableToIPC(new arrow.Table({ list }), "file"));

const version = (name) =>
  JSON.parse(readFileSync(new URL(`./node_modules/${name}/package.json`, import.meta.url))).version;
writeFileSync(
  `${folder}/expected.json`,
  JSON.stringify({
    versions: Object.fromEntries(
      ["nodejs-polars", "parquet-wasm", "apache-arrow"].map((name) => [name, version(name)]),
    ),
    files,
    columns,
    text: text.toObject(),
  }),
);
