// Stored values of a file's frames: what the pixels hold before any meaning is given to them.

import {
  type ByteSource,
  checkParameters,
  makeVoxels,
  RoentgenError,
  type VoxelArray,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DicomFile } from "../data-set/data-set.ts";
import { type DecoderOptions, decoderParameters, openDecoder } from "./decoder.ts";
import { describePixels, type PixelDescription } from "./description.ts";
import { frameValues } from "./frame-size.ts";

/** Stored values of some frames of one file. */
export interface Frames {
  readonly description: PixelDescription;
  /** Which frames these are, from 0 on, in the order of `data`. */
  readonly frames: readonly number[];
  /** [frames, rows, columns, samples]. */
  readonly shape: readonly [number, number, number, number];
  /** Frame by frame, row by row, colour by pixel; bits stored only, sign extended. */
  readonly data: VoxelArray;
  /** Photometric interpretation of `data`; differs from the file's where the decoder can't but convert. */
  readonly photometric: string;
  /** Odd things that were read all the same, as sentences. */
  readonly notes: readonly string[];
}

export type FramesOptions = Omit<DecoderOptions, "signal" | "threads"> &
  WorkOptions & {
    /** Which frames to read, from 0 on; all unless said. */
    frames?: readonly number[];
  };

/** Frames take at most so much memory together; read fewer at a time. */
const LARGEST_TOTAL_BYTES = 2 ** 33;

/**
 * Reads stored values: whatever the transfer syntax, as integers of the bits stored or as floats; no colour is
 * converted but what JPEG 2000 does by itself (YBR_ICT and YBR_RCT become RGB).
 * @throws RoentgenError as `describePixels` does, and "file-corrupt" naming the frame that can't be decoded
 */
export async function readFrames(
  source: ByteSource,
  file: DicomFile,
  options: FramesOptions = {},
): Promise<Frames> {
  const { frames: wanted, onProgress, signal, ...rest } = options;
  checkParameters(decoderParameters, rest, "DICOM frame reader");
  const description = describePixels(file);
  const frames = wanted ?? Array.from({ length: description.frames }, (_, frame) => frame);
  const size = frameValues(description);
  const target = roomFor(description, size * frames.length);
  const decoder = openDecoder({ ...rest, signal });
  try {
    let done = 0;
    const decoded = await Promise.all(
      frames.map(async (frame, index) => {
        const one = { source, description, frame, target, offset: index * size };
        const result = await decoder.decode(one);
        done += 1;
        onProgress?.({ stage: "Reading frames", done, total: frames.length, unit: "frames" });
        return result;
      }),
    );
    const { rows, columns, samples } = description;
    return {
      description,
      frames,
      shape: [frames.length, rows, columns, samples],
      data: target,
      photometric: decoded[0]?.photometric ?? description.photometric,
      notes: [...new Set([...description.notes, ...decoded.flatMap(({ notes }) => notes)])],
    };
  } finally {
    await decoder.close();
  }
}

function roomFor(description: PixelDescription, length: number): VoxelArray {
  const { name, type, element } = description;
  const bytes = length * makeVoxels(type, 0).BYTES_PER_ELEMENT;
  if (bytes > LARGEST_TOTAL_BYTES) {
    throw new RoentgenError("too-large", {
      problem: `Cannot read the pixels of ${name} at once`,
      expected: `at most ${LARGEST_TOTAL_BYTES} bytes`,
      found: `${bytes}`,
      remedy: "Read some frames at a time.",
      subject: name,
    });
  }
  // Threads write straight to shared memory; what is not compressed needs no threads.
  return makeVoxels(type, length, { shared: element.kind === "fragments" });
}
