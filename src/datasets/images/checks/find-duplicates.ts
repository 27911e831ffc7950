// Images that are there twice: equal to the pixel, or nearly so.

import { throwIfCancelled, type WorkOptions } from "../../../base/index.ts";
import { crc32 } from "../../../formats/index.ts";
import type { StoredImages } from "../store/stored-images.ts";
import { eachNearPair } from "./near-hashes.ts";
import { hashThumbnailInto } from "./perceptual-hash.ts";
import { correlationOf, THUMBNAIL_SIDE, thumbnailOf } from "./thumbnail.ts";

/** Two samples of one image, the earlier first. */
export interface DuplicatePair {
  readonly a: number;
  readonly b: number;
  /** Equal once prepared, or nearly. */
  readonly kind: "equal" | "near";
  /** Of their likenesses of 32 × 32 pixels. */
  readonly correlation: number;
}

/** What was worked out of each sample on the way. */
export interface Likenesses {
  /** Samples that could be read. */
  readonly samples: readonly number[];
  /** Mean of the values in [0, 1] and their standard deviation, one a sample in `samples`. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  readonly duplicates: readonly DuplicatePair[];
}

/** Bits in which hashes of one image may differ; recompressed and resized images stay below. */
const MOST_BITS = 6;

/** Images of one organ are alike, and hashes of 64 bits are coarse: what is reported correlates so. */
const LEAST_CORRELATION = 0.995;

/**
 * Finds duplicates among the samples of a store. Of images that are equal, each is paired with the first of them. Samples of one
 * file (slices, frames) are not compared with each other.
 */
export function findDuplicates(
  store: StoredImages,
  {
    samples,
    fileOf,
    signal,
    onProgress,
  }: {
    samples: readonly number[];
    /** A name for what the sample is cut out of. */
    fileOf: (sample: number) => string;
  } & Pick<WorkOptions, "signal" | "onProgress">,
): Likenesses {
  const pixels = THUMBNAIL_SIDE * THUMBNAIL_SIDE;
  const thumbnails = new Float32Array(samples.length * pixels);
  const hashes = new Uint32Array(2 * samples.length);
  const sums = new Uint32Array(samples.length);
  const mean = new Float64Array(samples.length);
  const deviation = new Float64Array(samples.length);
  for (const [at, sample] of samples.entries()) {
    if (at % 256 === 0) {
      throwIfCancelled(signal, "Comparing images");
      onProgress?.({ stage: "Comparing images", done: at, total: samples.length, unit: "images" });
    }
    const values = store.read(sample);
    const thumbnail = thumbnailOf(values, store.shape);
    thumbnails.set(thumbnail, at * pixels);
    hashThumbnailInto(hashes.subarray(2 * at), thumbnail);
    sums[at] = crc32(new Uint8Array(values.buffer));
    [mean[at], deviation[at]] = momentsOf(values);
  }
  const thumbnail = (at: number) => thumbnails.subarray(at * pixels, (at + 1) * pixels);
  const duplicates: DuplicatePair[] = equalPairs(store, samples, sums);
  const repeated = new Set(duplicates.map(({ b }) => b));
  eachNearPair(hashes, MOST_BITS, (one, other) => {
    const [first, second] = [Math.min(one, other), Math.max(one, other)];
    const [a, b] = [samples[first], samples[second]];
    if (repeated.has(a) || repeated.has(b) || fileOf(a) === fileOf(b)) return;
    const correlation = correlationOf(thumbnail(first), thumbnail(second));
    if (correlation >= LEAST_CORRELATION) duplicates.push({ a, b, kind: "near", correlation });
  });
  return {
    samples,
    mean,
    deviation,
    duplicates: duplicates.sort((x, y) => x.a - y.a || x.b - y.b),
  };
}

/** Equal checksums are compared value by value. */
function equalPairs(
  store: StoredImages,
  samples: readonly number[],
  sums: Uint32Array,
): DuplicatePair[] {
  const bySum = new Map<number, number[]>();
  for (const [at, sample] of samples.entries()) {
    const there = bySum.get(sums[at]);
    if (there) there.push(sample);
    else bySum.set(sums[at], [sample]);
  }
  return [...bySum.values()].flatMap(([a, ...rest]) => {
    if (rest.length === 0) return [];
    const first = store.read(a);
    return rest
      .filter((b) => store.read(b).every((value, at) => value === first[at]))
      .map((b): DuplicatePair => ({ a, b, kind: "equal", correlation: 1 }));
  });
}

function momentsOf(values: Float32Array): [number, number] {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / values.length;
  return [mean, Math.sqrt(Math.max(0, squares / values.length - mean * mean))];
}
