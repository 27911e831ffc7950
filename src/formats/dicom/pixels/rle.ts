// RLE Lossless (PS3.5 annex G): a byte plane a segment, most significant first, run lengths by PackBits.

import { damaged } from "../../damage.ts";

export interface RleFrame {
  readonly name: string;
  /** Values of one sample: rows · columns. */
  readonly pixels: number;
  readonly samples: number;
  readonly bytesPerSample: number;
}

const HEADER_BYTES = 64;

/**
 * Decodes a frame to little-endian samples, colour by pixel. What a segment lacks stays 0 only if it is the last
 * byte, as some writers leave it out; anything more is an error.
 */
export function decodeRle(encoded: Uint8Array, frame: RleFrame): Uint8Array<ArrayBuffer> {
  const { name, pixels, samples, bytesPerSample } = frame;
  const segments = segmentsOf(encoded, name, samples * bytesPerSample);
  const stride = samples * bytesPerSample;
  const decoded = new Uint8Array(pixels * stride);
  for (const [index, segment] of segments.entries()) {
    const sample = Math.floor(index / bytesPerSample);
    const significance = bytesPerSample - 1 - (index % bytesPerSample);
    const first = sample * bytesPerSample + significance;
    const filled = unpackRuns(segment, decoded, first, stride, pixels);
    if (filled < pixels - 1) {
      throw damaged(name, {
        expected: `${pixels} values in RLE segment ${index + 1}`,
        found: `${filled}`,
      });
    }
  }
  return decoded;
}

function segmentsOf(encoded: Uint8Array, name: string, expected: number): Uint8Array[] {
  if (encoded.byteLength < HEADER_BYTES) {
    throw damaged(name, {
      expected: `an RLE header of ${HEADER_BYTES} bytes`,
      found: `${encoded.byteLength} bytes`,
    });
  }
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const count = view.getUint32(0, true);
  if (count !== expected) {
    throw damaged(name, { expected: `${expected} RLE segments`, found: `${count}` });
  }
  const starts = Array.from({ length: count }, (_, at) => view.getUint32(4 + at * 4, true));
  return starts.map((start, at) => {
    const end = starts[at + 1] ?? encoded.byteLength;
    if (start >= HEADER_BYTES && start <= end && end <= encoded.byteLength) {
      return encoded.subarray(start, end);
    }
    throw damaged(name, {
      expected: `RLE segment ${at + 1} within ${encoded.byteLength} bytes`,
      found: `one from ${start} to ${end}`,
    });
  });
}

/** PS3.5 G.3.2. Runs past the end are cut off. Gives the number of bytes written, every `stride`-th from `first`. */
function unpackRuns(
  packed: Uint8Array,
  into: Uint8Array,
  first: number,
  stride: number,
  pixels: number,
): number {
  const end = first + pixels * stride;
  let from = 0;
  let to = first;
  while (from < packed.length && to < end) {
    const control = packed[from++];
    if (control === 128) continue;
    const length = control < 128 ? control + 1 : 257 - control;
    const stop = Math.min(end, to + length * stride);
    if (control < 128) {
      const available = packed.length - from;
      const literalStop = Math.min(stop, to + available * stride);
      for (; to < literalStop; to += stride) into[to] = packed[from++];
    } else if (from < packed.length) {
      const value = packed[from++];
      for (; to < stop; to += stride) into[to] = value;
    }
  }
  return (to - first) / stride;
}
