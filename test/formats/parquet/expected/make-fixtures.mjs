// Parquet files of three other implementations and the values that they hold.
//
// Needs @duckdb/node-api, nodejs-polars and parquet-wasm with apache-arrow, outside the project:
//   npm install --prefix /tmp/oracle @duckdb/node-api nodejs-polars parquet-wasm apache-arrow
//   cp test/formats/parquet/expected/make-fixtures.mjs /tmp/oracle && node /tmp/oracle/make-fixtures.mjs test/formats/parquet/expected

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { DuckDBInstance } from "@duckdb/node-api";
import * as arrow from "apache-arrow";
import pl from "nodejs-polars";
import * as wasm from "parquet-wasm/node";

const folder = process.argv[2];
const require = createRequire(import.meta.url);
mkdirSync(folder, { recursive: true });

const connection = await (await DuckDBInstance.create(":memory:")).connect();
await connection.run("set TimeZone = 'UTC'");
await connection.run(`
  create type grade as enum ('low', 'middle', 'high');
  create table t as select
    case when i % 7 = 3 then null else i end::tinyint as i8,
    (i * 1000)::smallint as i16,
    (i * -100000)::integer as i32,
    case when i % 5 = 1 then null else i * 1000000007 end::bigint as i64,
    (9007199254740990 + i)::bigint as big,
    (200 + i)::utinyint as u8,
    (4294967200 + i)::uinteger as u32,
    (18446744073709551000 + i)::ubigint as u64,
    (i / 3)::float as f32,
    case when i % 4 = 2 then null else sqrt(i) end::double as f64,
    case i when 0 then 'inf' when 1 then '-inf' else '1' end::double as ends,
    (i * 1.07)::decimal(9, 2) as money,
    (i * 123456789.987654321)::decimal(38, 10) as precise,
    case when i = 2 then null else i % 3 = 0 end as flag,
    case when i % 6 = 5 then null else 'Müller ' || (i % 4) end as name,
    'sample ' || repeat('x', i) as label,
    null::varchar as nothing,
    ['low', 'middle', 'high'][1 + i % 3]::grade as grade,
    date '1969-12-25' + i::integer as day,
    timestamp '1969-12-31 23:59:59.999999' + to_microseconds(i * 1500000) as moment,
    (timestamp '2024-02-28 12:00:00' + to_days(i::integer))::timestamp_s as second,
    (timestamp '2024-01-01 00:00:00.125' + to_hours(i))::timestamp_ms as milli,
    '2024-01-01 00:00:00.123456789'::timestamp_ns as nano,
    timestamptz '2024-06-01 12:00:00+02' + to_hours(i) as instant,
    time '23:59:59.5' - to_minutes(i) as clock,
    ('00000000-0000-4000-8000-0000000000' || (10 + i))::uuid as id
  from range(20) r(i)`);

const rows = (
  await connection.runAndReadAll("select column_name, column_type from (describe t)")
).getRowObjects();
const values = (
  await connection.runAndReadAll("select columns(*)::varchar from t")
).getColumnsObject();
const columns = rows.map(({ column_name: name }, index) => {
  const { column_type } = rows[index];
  return { name, type: column_type, values: values[name] };
});

const files = [];
for (const codec of ["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4", "lz4_raw"]) {
  const file = `duckdb-${codec}.parquet`;
  await connection.run(`copy t to '${folder}/${file}' (format parquet, codec '${codec}')`);
  files.push(file);
}
await connection.run(
  `copy t to '${folder}/duckdb-v2.parquet' (format parquet, parquet_version 'v2', codec 'zstd', dictionary_size_limit 1)`,
);
files.push("duckdb-v2.parquet");
await connection.run(
  `copy (select i::double as x, 'g' || (i // 2048) as g from range(5000) r(i)) to '${folder}/duckdb-groups.parquet' (format parquet, row_group_size 2048)`,
);
await connection.run(
  `copy (select 1 as a, [1, 2] as list, {'x': 1} as struct) to '${folder}/duckdb-nested.parquet' (format parquet)`,
);

// Floats, integers, booleans and text with nulls, by Polars and by arrow-rs (all its encodings).
const plain = {
  f: Array.from({ length: 50 }, (_, i) => (i % 9 === 4 ? null : i / 7)),
  n: Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? null : i * i - 300)),
  b: Array.from({ length: 50 }, (_, i) => (i % 8 === 0 ? null : i % 3 === 0)),
  s: Array.from({ length: 50 }, (_, i) =>
    i % 6 === 5 ? null : `patient ${String(i % 11).padStart(3, "0")}`,
  ),
};
pl.DataFrame(plain).writeParquet(`${folder}/polars.parquet`, { compression: "zstd" });
const table = new arrow.Table({
  f: arrow.vectorFromArray(plain.f, new arrow.Float64()),
  n: arrow.vectorFromArray(plain.n, new arrow.Int32()),
  b: arrow.vectorFromArray(plain.b, new arrow.Bool()),
  s: arrow.vectorFromArray(plain.s, new arrow.Utf8()),
});
const ipc = () => wasm.Table.fromIPCStream(arrow.tableToIPC(table, "stream"));
const write = (name, properties) =>
  writeFileSync(`${folder}/${name}`, wasm.writeParquet(ipc(), properties.build()));
const builder = () => new wasm.WriterPropertiesBuilder().setCompression(wasm.Compression.SNAPPY);
write("arrow-rs-v1.parquet", builder());
write(
  "arrow-rs-v2.parquet",
  builder().setWriterVersion(wasm.WriterVersion.V2).setDictionaryEnabled(false),
);
write(
  "arrow-rs-delta.parquet",
  builder()
    .setDictionaryEnabled(false)
    .setColumnEncoding("n", wasm.Encoding.DELTA_BINARY_PACKED)
    .setColumnEncoding("s", wasm.Encoding.DELTA_BYTE_ARRAY)
    .setColumnEncoding("f", wasm.Encoding.BYTE_STREAM_SPLIT),
);

const version = (name) => {
  for (const path of [`${name}/package.json`]) {
    try {
      return JSON.parse(readFileSync(require.resolve(path))).version;
    } catch {
      return JSON.parse(readFileSync(new URL(`./node_modules/${path}`, import.meta.url))).version;
    }
  }
};
writeFileSync(
  `${folder}/expected.json`,
  JSON.stringify({
    versions: Object.fromEntries(
      ["@duckdb/node-api", "nodejs-polars", "parquet-wasm"].map((name) => [name, version(name)]),
    ),
    duckdb: { files, columns },
    plain: {
      files: [
        "polars.parquet",
        "arrow-rs-v1.parquet",
        "arrow-rs-v2.parquet",
        "arrow-rs-delta.parquet",
      ],
      columns: plain,
    },
  }),
);
