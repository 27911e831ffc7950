// The pages of a column chunk: headers checked, levels and values separated and decompressed.
// (parquet-format, README.md, Data Pages)

import type { CompressionCodec, PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { compressors } from "hyparquet-compressors";
import { unpackZstd } from "../compression/zstd.ts";
import { damaged, unsupported } from "../damage.ts";
import { checkClaim } from "../tables/claims.ts";
import { readRunLengths } from "./run-lengths.ts";
import { skipThrift } from "./thrift.ts";

export interface DictionaryPage {
  readonly kind: "dictionary";
  readonly valueCount: number;
  readonly values: Uint8Array;
}

export interface DataPage {
  readonly kind: "data";
  /** Rows of the page. */
  readonly rowCount: number;
  /** How many of them have a value. */
  readonly valueCount: number;
  /** 1 for each row that has a value, 0 for each that hasn't; undefined where all have. */
  readonly present?: Uint32Array;
  readonly encoding: string;
  readonly values: Uint8Array;
}

export interface ChunkReading {
  readonly codec: CompressionCodec;
  /** Whether rows may be without a value. */
  readonly optional: boolean;
  /** Rows of the row group. */
  readonly rowCount: number;
  readonly column: string;
  readonly file: string;
}

const unpackers = { ...compressors, ZSTD: unpackZstd };

/**
 * The pages of a column chunk in order, until all rows are covered.
 * @throws RoentgenError "file-corrupt", "format-unsupported"; errors of a decompressor as they are
 */
export function* chunkPages(
  bytes: Uint8Array,
  chunk: ChunkReading,
): Generator<DictionaryPage | DataPage> {
  let at = 0;
  let rows = 0;
  while (rows < chunk.rowCount) {
    const body = skipThrift(bytes, at, chunk.file);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const header = parquetHeader({ view, offset: at });
    const size = header.compressed_page_size;
    if (!(size >= 0) || body + size > bytes.length) throw broken(chunk, "a page beyond its bytes");
    if (!(header.uncompressed_page_size >= 0)) throw broken(chunk, "a page of negative size");
    checkClaim(header.uncompressed_page_size, bytes.length, chunk.file);
    const page = readPage(header, bytes.subarray(body, body + size), chunk);
    at = body + size;
    if (!page) continue;
    if (page.kind === "data") rows += page.rowCount;
    if (rows > chunk.rowCount) throw broken(chunk, "more values than rows");
    yield page;
  }
}

function readPage(
  header: PageHeader,
  body: Uint8Array,
  chunk: ChunkReading,
): DictionaryPage | DataPage | undefined {
  if (header.type === "DICTIONARY_PAGE" && header.dictionary_page_header) {
    const values = unpack(body, header.uncompressed_page_size, chunk);
    const valueCount = header.dictionary_page_header.num_values;
    if (!(valueCount >= 0 && valueCount <= 8 * values.length)) {
      throw broken(chunk, "a dictionary of more values than bytes");
    }
    return { kind: "dictionary", valueCount, values };
  }
  if (header.type === "DATA_PAGE" && header.data_page_header) return pageV1(header, body, chunk);
  if (header.type === "DATA_PAGE_V2" && header.data_page_header_v2) {
    return pageV2(header, body, chunk);
  }
  if (header.type === "INDEX_PAGE") return undefined;
  throw broken(chunk, "a page of unknown kind");
}

function pageV1(header: PageHeader, body: Uint8Array, chunk: ChunkReading): DataPage {
  const { num_values, encoding, definition_level_encoding } = header.data_page_header!;
  const rowCount = checkRows(num_values, chunk);
  const page = unpack(body, header.uncompressed_page_size, chunk);
  if (!chunk.optional) {
    return { kind: "data", rowCount, valueCount: rowCount, encoding, values: page };
  }
  if (definition_level_encoding !== "RLE") {
    throw unsupported(chunk.file, {
      found: `levels of encoding ${definition_level_encoding} in column "${chunk.column}"`,
      remedy: "Write the file again with a current program.",
    });
  }
  const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
  const levels = page.subarray(4, 4 + length);
  return {
    kind: "data",
    rowCount,
    ...presence(levels, rowCount),
    encoding,
    values: page.subarray(4 + length),
  };
}

function pageV2(header: PageHeader, body: Uint8Array, chunk: ChunkReading): DataPage {
  const page = header.data_page_header_v2!;
  const rowCount = checkRows(page.num_values, chunk);
  const levelBytes = page.definition_levels_byte_length;
  if (page.repetition_levels_byte_length !== 0 || !(levelBytes >= 0 && levelBytes <= body.length)) {
    throw broken(chunk, "levels beyond their page");
  }
  const packed = body.subarray(levelBytes);
  const values = page.is_compressed
    ? unpack(packed, header.uncompressed_page_size - levelBytes, chunk)
    : packed;
  const { encoding } = page;
  if (!chunk.optional) return { kind: "data", rowCount, valueCount: rowCount, encoding, values };
  return {
    kind: "data",
    rowCount,
    ...presence(body.subarray(0, levelBytes), rowCount),
    encoding,
    values,
  };
}

function presence(levels: Uint8Array, rowCount: number) {
  const present = readRunLengths(levels, 1, rowCount);
  const valueCount = present.reduce((sum, level) => sum + level, 0);
  return valueCount === rowCount ? { valueCount } : { valueCount, present };
}

function checkRows(count: number, chunk: ChunkReading): number {
  if (count >= 0 && count <= chunk.rowCount) return count;
  throw broken(chunk, "more values than rows");
}

function unpack(body: Uint8Array, length: number, { codec, file }: ChunkReading): Uint8Array {
  if (codec === "LZO" || codec === undefined) {
    throw unsupported(file, {
      found: `compression ${codec ?? "of an unknown kind"}`,
      remedy: "Write the file again with Snappy or Zstandard.",
    });
  }
  // A page without bytes has no frame to read.
  return length === 0 ? new Uint8Array(0) : decompressPage(body, length, codec, unpackers);
}

function broken({ column, file }: ChunkReading, found: string) {
  return damaged(file, { found: `${found}, in column "${column}"` });
}
