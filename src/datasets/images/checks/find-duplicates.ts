// Images that are there twice: equal to the pixel, or nearly so.

import { throwIfCancelled, type WorkOptions } from "../../../base/index.ts";
import { crc32 } from "../../../formats/safetensors/index.ts";
import type { StoredImages } from "../store/stored-images.ts";
import { eachNearPair } from "./near-hashes.ts";
import { hashThumbnailInto } from "./perceptual-hash.ts";
import { correlationOf, standardiseInPlace, thumbnailOf } from "./thumbnail.ts";

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

/** Near images that are listed of one: the others of a large family are listed with each other. */
const MOST_PARTNERS = 16;

/**
 * Finds duplicates among the samples of a store. Of images that are equal, each is paired with the first of them. Samples of one
 * file (slices, frames) are not compared with each other.
 */
export function findDuplicates(
  store: StoredImages,
  { samples, fileOf, signal, onProgress }: DuplicateOptions,
): Likenesses {
  const { thumbnails, hashes, sums, mean, deviation } = lookAtAll(store, samples, {
    signal,
    onProgress,
  });
  const equal = equalPairs(store, samples, sums);
  const repeated = new Set(equal.map(({ b }) => b));
  const near: DuplicatePair[] = [];
  eachNearPair(hashes, { most: MOST_BITS, partners: MOST_PARTNERS }, (one, other) => {
    const [first, second] = [Math.min(one, other), Math.max(one, other)];
    const [a, b] = [samples[first], samples[second]];
    if (repeated.has(a) || repeated.has(b)) return false;
    const correlation = correlationOf(thumbnails[first], thumbnails[second]);
    if (correlation < LEAST_CORRELATION || fileOf(a) === fileOf(b)) return false;
    near.push({ a, b, kind: "near", correlation });
    return true;
  });
  const duplicates = [...equal, ...near].sort((x, y) => x.a - y.a || x.b - y.b);
  return { samples, mean, deviation, duplicates };
}

interface DuplicateOptions extends Pick<WorkOptions, "signal" | "onProgress"> {
  readonly samples: readonly number[];
  /** A name for what the sample is cut out of. */
  readonly fileOf: (sample: number) => string;
}

/** What is compared of each sample: a standardised likeness, its hash, a checksum; and its moments. */
function lookAtAll(
  store: StoredImages,
  samples: readonly number[],
  { signal, onProgress }: Pick<WorkOptions, "signal" | "onProgress">,
) {
  const thumbnails: Float32Array[] = [];
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
    hashThumbnailInto(hashes.subarray(2 * at), thumbnail);
    standardiseInPlace(thumbnail);
    thumbnails.push(thumbnail);
    sums[at] = crc32(new Uint8Array(values.buffer));
    [mean[at], deviation[at]] = momentsOf(values);
  }
  return { thumbnails, hashes, sums, mean, deviation };
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
