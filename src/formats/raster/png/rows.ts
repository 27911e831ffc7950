// From compressed rows to samples: inflate, undo the filters, unpack, undo Adam7 (PNG sections 7 to 10).

import { damaged, truncated } from "../../damage.ts";
import { allocateBytes } from "../../elements/element-types.ts";
import { inflateInto, largestInflation } from "../../elements/inflater.ts";
import { joinBytes } from "../../elements/join-bytes.ts";
import type { Chunk } from "./chunks.ts";
import { unfilterInPlace } from "./filters.ts";
import type { PngHeader } from "./header.ts";

/** A reduced picture: every dx-th column from x0 on of every dy-th row from y0 on. */
interface Pass {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
}

const WHOLE: readonly Pass[] = [{ x0: 0, y0: 0, dx: 1, dy: 1 }];

/** Section 8.1. */
const ADAM7: readonly Pass[] = [
  { x0: 0, y0: 0, dx: 8, dy: 8 },
  { x0: 4, y0: 0, dx: 8, dy: 8 },
  { x0: 0, y0: 4, dx: 4, dy: 8 },
  { x0: 2, y0: 0, dx: 4, dy: 4 },
  { x0: 0, y0: 2, dx: 2, dy: 4 },
  { x0: 1, y0: 0, dx: 2, dy: 2 },
  { x0: 0, y0: 1, dx: 1, dy: 2 },
];

/**
 * The samples as stored: height · width · samples of them.
 * @throws RoentgenError "file-truncated" where the compressed rows end early, "file-corrupt"
 */
export function readSamples(
  chunks: readonly Chunk[],
  header: PngHeader,
  name: string,
): Uint8Array | Uint16Array {
  const { width, height, samples, bitDepth, interlaced } = header;
  const passes = (interlaced ? ADAM7 : WHOLE).map((pass) => ({ ...pass, ...sizeOf(pass, header) }));
  const total = passes.reduce((sum, { rows, rowBytes }) => sum + rows * (rowBytes + 1), 0);
  const bytes = inflateRows(chunks, total, name);
  const Samples = bitDepth === 16 ? Uint16Array : Uint8Array;
  const target = new Samples(width * height * samples);
  let at = 0;
  for (const pass of passes) {
    const { rows, rowBytes } = pass;
    let above: Uint8Array = new Uint8Array(rowBytes);
    for (let y = 0; y < rows; y++, at += rowBytes + 1) {
      const row = bytes.subarray(at + 1, at + 1 + rowBytes);
      const step = Math.max(1, (samples * bitDepth) / 8);
      if (!unfilterInPlace(bytes[at], row, above, step)) {
        throw damaged(name, { expected: "a row filter from 0 to 4", found: `${bytes[at]}` });
      }
      placeRow(row, target, pass, y, header);
      above = row;
    }
  }
  return target;
}

function sizeOf({ x0, y0, dx, dy }: Pass, { width, height, samples, bitDepth }: PngHeader) {
  const columns = Math.max(0, Math.ceil((width - x0) / dx));
  const rows = columns === 0 ? 0 : Math.max(0, Math.ceil((height - y0) / dy));
  return { columns, rows, rowBytes: Math.ceil((columns * samples * bitDepth) / 8) };
}

function inflateRows(chunks: readonly Chunk[], total: number, name: string): Uint8Array {
  const stream = joinBytes(chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data));
  const isZlib = (stream[0] & 15) === 8 && (stream[0] * 256 + stream[1]) % 31 === 0;
  if (stream.length < 2 || !isZlib || (stream[1] & 0x20) !== 0) {
    throw damaged(name, { expected: "pixels as a zlib stream", found: "other bytes" });
  }
  if (total > stream.length * largestInflation) throw tooShort(total, stream.length, name);
  const rows = allocateBytes(total, name);
  if (inflateInto(rows, stream.subarray(2), name) < total) {
    throw tooShort(total, stream.length, name);
  }
  return rows;
}

function tooShort(total: number, compressed: number, name: string) {
  return truncated(name, {
    expected: `${total} bytes of pixels`,
    found: `fewer in ${compressed} compressed bytes`,
  });
}

/** Unpacks a row's samples, 1 to 16 bits each from the highest bit on, to where they belong. */
function placeRow(
  row: Uint8Array,
  target: Uint8Array | Uint16Array,
  { x0, y0, dx, dy, columns }: Pass & { columns: number },
  y: number,
  { width, samples, bitDepth }: PngHeader,
): void {
  const start = ((y0 + y * dy) * width + x0) * samples;
  const jump = (dx - 1) * samples;
  const mask = 2 ** bitDepth - 1;
  for (let x = 0, from = 0, to = start; x < columns; x++, to += jump) {
    for (let sample = 0; sample < samples; sample++, from++, to++) {
      if (bitDepth === 8) target[to] = row[from];
      else if (bitDepth === 16) target[to] = row[2 * from] * 256 + row[2 * from + 1];
      else {
        const bit = from * bitDepth;
        target[to] = (row[bit >> 3] >> (8 - bitDepth - (bit & 7))) & mask;
      }
    }
  }
}
