// The front door: any data file, whatever its format, told by its bytes first and its extension second.

import { type ByteSource, RoentgenError } from "../base/index.ts";
import type { Data, DataFile, FormatName, NamedTensor } from "./data-file.ts";
import { FORMATS, type Format, formatOfPath, type ReadOptions } from "./formats.ts";
import { refuseOtherFormats } from "./other-formats.ts";
import { arraysFromTable, tableFromArrays } from "./tables/array-table.ts";
import { tensorFromTable } from "./tables/tensor-table.ts";

/**
 * Reads a table or arrays from a file of any format in `supportedFormats`. It is recognised by its first
 * bytes, else by its extension; text under an unknown extension is read as CSV.
 * @param options.format the format, where neither bytes nor extension tell it
 * @param options.csv how to read a text file
 * @throws RoentgenError "format-unknown" with what the file seems to be, and what the format's reader throws
 */
export async function readData(
  source: ByteSource,
  { format, ...options }: { format?: FormatName } & ReadOptions = {},
): Promise<DataFile> {
  const chosen = format ? formatNamed(format) : await recognise(source);
  const { notes = [], ...contents } = await chosen.read(source, options);
  const byName = formatOfPath(source.name);
  const misnamed =
    byName && byName.holds !== chosen.holds && !format
      ? [`${source.name} is ${chosen.title}, although its name says ${byName.title}.`]
      : [];
  return { ...contents, format: chosen.name, notes: [...misnamed, ...notes] };
}

/**
 * The bytes of a file of that format, in chunks, for `writeFileWhole`.
 *
 * A table becomes one matrix in .npy (without its names), and `features`, `feature_names` and an array for
 * each column of text in .npz and .mat. Arrays become a table if each has a row for each sample. What would
 * get lost otherwise is refused.
 * @param to a path, whose extension tells the format, or the format's name
 * @throws RoentgenError "format-unknown"; "type-mismatch", "shape-mismatch" and "value-missing" where the
 *   format can't hold the data
 */
export async function writeData(data: Data, to: string): Promise<Iterable<Uint8Array>> {
  const format = FORMATS.find(({ name }) => name === to) ?? formatOfPath(to);
  if (!format) throw unknownFormat(to);
  if (format.holds === "table") {
    return format.write(data.kind === "table" ? data.table : tableFromArrays(data.arrays));
  }
  const arrays = data.kind === "arrays" ? data.arrays : arraysFor(data.table, format.most);
  checkCount(arrays, format.most, to);
  return format.write(arrays);
}

function arraysFor(table: Parameters<typeof arraysFromTable>[0], most: number): NamedTensor[] {
  return most === 1
    ? [{ name: "features", tensor: tensorFromTable(table) }]
    : arraysFromTable(table);
}

function checkCount(arrays: readonly NamedTensor[], most: number, to: string): void {
  if (arrays.length > 0 && arrays.length <= most) return;
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot write ${to}`,
    expected: most === 1 ? "one array" : "at least one array",
    found: arrays.map(({ name }) => name).join(", ") || "none",
    remedy: most === 1 ? "Choose .npz or .mat, which hold several." : undefined,
    subject: to,
  });
}

/**
 * The format of a file, told as `readData` tells it.
 * @throws RoentgenError "format-unknown" with what the file seems to be
 */
export async function formatOfFile(source: ByteSource): Promise<FormatName> {
  return (await recognise(source)).name;
}

async function recognise(source: ByteSource): Promise<Format> {
  const bytes = await source.read(0, Math.min(640, source.byteLength));
  const head = String.fromCharCode(...bytes);
  const byBytes = FORMATS.find((format) => format.recognise?.(head));
  if (byBytes) return byBytes;
  const byPath = formatOfPath(source.name);
  // JSON by another name is none of ours.
  if (byPath?.holds === "arrays" || byPath?.name === "jsonl") return byPath;
  refuseOtherFormats(source.name, head);
  if (byPath) return byPath;
  if (isText(head)) return formatNamed("csv");
  throw unknownFormat(source.name);
}

/** Bytes without control characters but those that text has; UTF-16 by its mark. */
function isText(head: string): boolean {
  if (head.startsWith("\xff\xfe") || head.startsWith("\xfe\xff")) return true;
  const isControl = (character: string) =>
    character < "\t" || (character > "\r" && character < " ");
  return head.length > 0 && ![...head].some(isControl);
}

function formatNamed(name: FormatName): Format {
  const found = FORMATS.find((format) => format.name === name);
  if (found) return found;
  throw new RoentgenError("bad-option", {
    problem: `There is no format "${name}"`,
    remedy: `The formats are: ${FORMATS.map((format) => format.name).join(", ")}.`,
    subject: name,
  });
}

function unknownFormat(path: string): RoentgenError {
  return new RoentgenError("format-unknown", {
    problem: `Cannot tell the format of ${path}`,
    remedy: `Supported are ${FORMATS.flatMap(({ extensions }) => extensions).join(", ")}.`,
    subject: path,
  });
}
