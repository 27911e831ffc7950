// The text of a CSV file, opened: its encoding, a "sep=" line of Excel passed over, its dialect found.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import {
  type CellDecoder,
  cellDecoder,
  checkIsText,
  readByteOrderMark,
  textChunks,
} from "./encoding.ts";
import type { CsvDialect, CsvSettings } from "./options.ts";
import type { ScannerSettings } from "./scanner.ts";
import {
  type CsvSample,
  type SampleRecord,
  sampleRecords,
  sniffDecimal,
  sniffDelimiter,
  sniffHeader,
} from "./sniff.ts";

/** Enough to tell the dialect from. */
const SAMPLE_BYTES = 2 ** 17;

export interface CsvText {
  readonly dialect: CsvDialect;
  readonly scanner: ScannerSettings;
  /** The first record: names or values. */
  readonly first: SampleRecord;
  readonly decoder: CellDecoder;
  /** Bytes of an average record, from the sample. */
  readonly recordBytes: number;
  /** The text's bytes from its beginning. What was sampled is not read again by the first call. */
  chunks(): AsyncGenerator<Uint8Array>;
}

export async function openText(source: ByteSource, settings: CsvSettings): Promise<CsvText> {
  const mark = await readByteOrderMark(source);
  const encoding = settings.encoding === "auto" ? (mark.encoding ?? "utf-8") : settings.encoding;
  const { chunkBytes } = settings;
  const fromStart = () => textChunks(source, { encoding, offset: mark.length, chunkBytes });

  const reading = fromStart();
  const sampled = await takeSample(reading);
  checkIsText(sampled.bytes.subarray(0, SAMPLE_BYTES), source.name);
  const separator = separatorLine(sampled.bytes);
  const beginning = sampled.bytes.subarray(separator.length);
  const sample: CsvSample = {
    bytes: beginning.subarray(0, SAMPLE_BYTES),
    whole: sampled.whole && beginning.length <= SAMPLE_BYTES,
    comment: settings.comment?.charCodeAt(0) ?? -1,
    name: source.name,
  };
  const asked = settings.delimiter === "auto" ? separator.delimiter : settings.delimiter;
  const delimiter = asked ?? sniffDelimiter(sample);
  const records = firstRecords(sample, delimiter);
  // Neither a mark nor UTF-16, which comes recoded, leaves a doubt.
  const certain = mark.encoding !== undefined || encoding.startsWith("utf-16");
  const stated = settings.encoding === "windows-1252" ? "windows-1252" : "utf-8";
  const decoder = cellDecoder(certain ? stated : settings.encoding, source.name);

  let readBefore = false;
  async function* chunks() {
    if (readBefore) {
      yield* dropBytes(fromStart(), separator.length);
      return;
    }
    readBefore = true;
    yield beginning;
    yield* reading;
  }
  return {
    dialect: dialectOf(records, delimiter, encoding, settings),
    scanner: {
      delimiter: delimiter.charCodeAt(0),
      comment: sample.comment,
      name: source.name,
      firstLine: separator.length > 0 ? 2 : 1,
    },
    first: firstRecords(sample, delimiter, { most: 1, decode: decoder.decode })[0],
    decoder,
    recordBytes: sample.bytes.length / records.length,
    chunks,
  };
}

function dialectOf(
  records: readonly SampleRecord[],
  delimiter: string,
  encoding: CsvDialect["encoding"],
  settings: CsvSettings,
): CsvDialect {
  const found = delimiter === "," ? "." : sniffDecimal(records);
  const decimal = settings.decimal === "auto" ? found : settings.decimal;
  if (decimal === delimiter) {
    throw new RoentgenError("bad-option", {
      problem: "A comma cannot be both the delimiter and the decimal mark",
      remedy: "Give the delimiter that the file has.",
      subject: "decimal",
    });
  }
  const header = settings.header === "auto" ? sniffHeader(records, decimal) : settings.header;
  return { delimiter, decimal, header, encoding };
}

function firstRecords(
  sample: CsvSample,
  delimiter: string,
  taking: Parameters<typeof sampleRecords>[2] = {},
): SampleRecord[] {
  let records = sampleRecords(sample, delimiter, taking);
  // A first record longer than the sample: take what there is of it.
  if (records.length === 0 && !sample.whole) {
    records = sampleRecords({ ...sample, whole: true }, delimiter, taking);
  }
  if (records.length > 0) return records;
  throw new RoentgenError("value-missing", {
    problem: `Cannot read ${sample.name} as a table`,
    expected: "a line of column names and lines of values",
    found: "no line at all",
    subject: sample.name,
  });
}

async function takeSample(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  let bytes = new Uint8Array(0);
  while (bytes.length < SAMPLE_BYTES) {
    const { value, done } = await chunks.next();
    if (done) return { bytes, whole: true };
    bytes = joinBytes(bytes, value);
  }
  return { bytes, whole: false };
}

/** Excel's own first line "sep=;", which states the delimiter. */
function separatorLine(bytes: Uint8Array): { length: number; delimiter?: string } {
  const found = /^sep=([\t -~])(\r\n|\n|\r)/i.exec(String.fromCharCode(...bytes.subarray(0, 8)));
  return found ? { length: found[0].length, delimiter: found[1] } : { length: 0 };
}

async function* dropBytes(chunks: AsyncGenerator<Uint8Array>, count: number) {
  for await (const chunk of chunks) {
    const dropped = Math.min(count, chunk.length);
    count -= dropped;
    yield chunk.subarray(dropped);
  }
}

/** One array of both; the second itself where the first is empty. */
export function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  if (first.length === 0) return second as Uint8Array<ArrayBuffer>;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
