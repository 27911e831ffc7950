// Opens a DICOM file: its header into memory, its pixels left where they are (PS3.10 section 7).

import { type ByteSource, memorySource, RoentgenError } from "../../../base/index.ts";
import { unsupported } from "../../damage.ts";
import { characterSet } from "./character-sets.ts";
import { compactValues } from "./compact-values.ts";
import type { DataSet, DicomFile, Element, Tag } from "./data-set.ts";
import { readElementHeader } from "./element-header.ts";
import { addElement, beginDataSet, finishDataSet } from "./growing-data-set.ts";
import { inflateDataSet } from "./inflate-data-set.ts";
import { parseValue } from "./parse-elements.ts";
import { readTopLevel } from "./read-top-level.ts";
import {
  findStart,
  type GuessedEncoding,
  guessEncoding,
  RECOGNITION_BYTES,
} from "./recognise-dicom.ts";
import {
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  type TransferSyntax,
  transferSyntax,
} from "./transfer-syntaxes.ts";
import { text } from "./values.ts";
import { type Encoding, MORE_BYTES, type MovableWindow, openWindow } from "./window.ts";

export interface DicomReadOptions {
  /** Stops before this tag: 0x7fe00010 for all that precedes the pixels. It may depend on the transfer syntax. */
  readonly until?: Tag | ((syntax: TransferSyntax) => Tag);
  /**
   * Longest value kept in memory, in bytes; longer ones become "left" elements. Pixel data of the outermost data
   * set are always left. Default 262,144.
   */
  readonly longestValue?: number;
}

const LONGEST_VALUE = 2 ** 18;
const TRANSFER_SYNTAX = 0x00020010;

/**
 * Reads the header of a DICOM file, with or without preamble and meta information, in any transfer syntax. What is
 * odd but can be read is told in `notes`. Of a deflated file all values are in memory, pixels too: its positions
 * are not those of the file.
 * @throws RoentgenError "format-unknown" if it is no DICOM file, "file-truncated" if the header is cut off,
 *   "file-corrupt" if it breaks the rules, "too-large"
 */
export async function readDicom(
  source: ByteSource,
  { until, longestValue = LONGEST_VALUE }: DicomReadOptions = {},
): Promise<DicomFile> {
  const window = await openWindow(source, { longestValue });
  const head = window.take(0, Math.min(RECOGNITION_BYTES, source.byteLength));
  const start = findStart(head);
  if (!start) throw noDicom(source.name);
  if (!start.marked) window.note("The file lacks the preamble and mark of DICOM files.");
  const { meta, end } = await readMeta(window, start.at);
  const syntax = await chooseSyntax(window, meta, end);
  const body = syntax.deflated
    ? await openInflated(source, end, window)
    : { window, at: end, keepsAll: false };
  const encoding = { explicit: syntax.explicit, littleEndian: syntax.littleEndian };
  const dataSet = await readTopLevel(body.window, body.at, encoding, {
    until: typeof until === "function" ? until(syntax) : until,
    keepsAll: body.keepsAll,
  });
  compactValues([meta, dataSet]);
  for (const term of dataSet.characterSets) {
    if (!characterSet(term)) {
      body.window.note(`The character set "${term}" is unknown; text is read as ISO 8859-1.`);
    }
  }
  const notes = [...new Set([...window.notes, ...body.window.notes])];
  return { name: source.name, meta, dataSet, transferSyntax: syntax.uid, notes };
}

/**
 * The bytes of a value, wherever they are; of encapsulated pixel data all fragments, one after another.
 * @param source the file from which the element was read
 * @throws RoentgenError "type-mismatch" for a sequence
 */
export async function readElementBytes(source: ByteSource, element: Element): Promise<Uint8Array> {
  switch (element.kind) {
    case "value":
      return element.bytes;
    case "left":
      return source.read(element.offset, element.length);
    case "fragments": {
      const total = element.fragments.reduce((sum, { length }) => sum + length, 0);
      const bytes = new Uint8Array(total);
      let at = 0;
      for (const { offset, length } of element.fragments) {
        await source.readInto(offset, bytes.subarray(at, at + length));
        at += length;
      }
      return bytes;
    }
    case "sequence":
      throw new RoentgenError("type-mismatch", {
        problem: `Cannot read the bytes of a sequence in ${source.name}`,
        remedy: "Read the elements of its items.",
        subject: source.name,
      });
  }
}

/** File meta information: group 0002, explicit little endian (PS3.10 7.1); implicit in some old files. */
async function readMeta(
  window: MovableWindow,
  start: number,
): Promise<{ meta: DataSet; end: number }> {
  const explicit = window.fileEnd < start + 6 || window.hasVr(start + 4);
  const growing = beginDataSet({ explicit, littleEndian: true });
  let at = start;
  while (at + 8 <= window.fileEnd) {
    try {
      if (window.tagAt(at, true) >>> 16 !== 0x0002) break;
      const header = readElementHeader(window, at, growing, window.fileEnd);
      const { element, next } = parseValue(window, header, growing, window.fileEnd);
      addElement(growing, element, window);
      at = next;
    } catch (cause) {
      if (cause !== MORE_BYTES) throw cause;
      await window.fetch(at);
    }
  }
  return { meta: finishDataSet(growing), end: at };
}

/** The syntax that the file names, unless its bytes say otherwise. */
async function chooseSyntax(
  window: MovableWindow,
  meta: DataSet,
  at: number,
): Promise<TransferSyntax> {
  const uid = text(meta, TRANSFER_SYNTAX);
  const length = Math.min(8, window.fileEnd - at);
  if (!window.has(at, length)) await window.fetch(at);
  const guess = guessEncoding(window.take(at, length));
  const named = uid === undefined ? undefined : transferSyntax(uid);
  if (named?.uid.startsWith("1.2.840.10008.1.2.6.")) {
    throw unsupported(window.name, { found: `a MIME or XML file (${named.name})` });
  }
  if (named) return guess ? settleSyntax(window, named, guess) : named;
  const guessed = syntaxOf(guess ?? { explicit: true, littleEndian: true });
  window.note(
    uid === undefined
      ? `The file names no transfer syntax; its bytes look like ${guessed.name}.`
      : `The transfer syntax ${uid} is unknown; the header looks like ${guessed.name}.`,
  );
  // The pixels of an unknown syntax can't be decoded; its UID must stay, so that nobody tries.
  return uid === undefined ? guessed : { ...guessed, uid };
}

/** A declared syntax holds unless the first element can't be read with it and can with another. */
function settleSyntax(
  window: MovableWindow,
  named: TransferSyntax,
  guess: GuessedEncoding,
): TransferSyntax {
  if (named.deflated) return named;
  const swapped = guess.sureOfOrder && guess.littleEndian !== named.littleEndian;
  if (guess.explicit === named.explicit && !swapped) return named;
  const littleEndian = swapped ? guess.littleEndian : named.littleEndian;
  const found = syntaxOf({ explicit: guess.explicit, littleEndian });
  window.note(
    `The file says that it is ${named.name}, but its header is ${found.name}, and was read so.`,
  );
  return named.encapsulated ? { ...named, explicit: guess.explicit, littleEndian } : found;
}

function syntaxOf({ explicit, littleEndian }: Encoding): TransferSyntax {
  const plain = explicit ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
  const syntax = transferSyntax(littleEndian ? plain : EXPLICIT_BIG_ENDIAN) as TransferSyntax;
  return { ...syntax, explicit };
}

async function openInflated(
  source: ByteSource,
  at: number,
  { longestValue }: MovableWindow,
): Promise<{ window: MovableWindow; at: number; keepsAll: boolean }> {
  const compressed = await source.read(at, source.byteLength - at);
  const bytes = inflateDataSet(compressed, source.name);
  const inflated = memorySource(bytes, source.name);
  const window = await openWindow(inflated, {
    longestValue: Math.max(longestValue, bytes.length),
    chunk: bytes.length,
  });
  return { window, at: 0, keepsAll: true };
}

function noDicom(name: string): RoentgenError {
  return new RoentgenError("format-unknown", {
    problem: `Cannot read ${name}`,
    expected: 'a DICOM file, with "DICM" at byte 128 or a data set from the beginning',
    found: "other bytes",
    subject: name,
  });
}
