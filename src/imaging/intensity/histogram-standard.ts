// Histogram standardisation of MR images: Nyúl, Udupa, Zhang, "New variants of a method of MRI scale
// standardization", IEEE TMI 19(2), 2000; landmarks and defaults as the intensity-normalization package has them.

import {
  checkParameters,
  type Image,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  rules,
  type VoxelArray,
} from "../../base/index.ts";
import type { Json, TransformKind } from "../transform.ts";
import { checkChannels, mapChannels } from "./channels.ts";
import {
  type Foreground,
  foregroundRule,
  type Masked,
  maskWanted,
  measureChannels,
} from "./foreground.ts";
import { lineBetween } from "./linear-map.ts";
import { percentilesOf } from "./percentile.ts";
import { fillPiecewise } from "./piecewise.ts";

const percent = number({ min: 0, max: 100 });

const learnStandardParameters = parameters({
  /** Percentiles of the landmarks, rising; the first and the last bound the scale. */
  percents: rules.array(percent).min(2).default([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99]),
  /** The standard scale's ends, for the first and the last landmark. */
  scale: rules.tuple([number(), number()]).default([1, 100]),
  /** Voxels that are measured; "mean" in the paper and its followers. */
  foreground: foregroundRule().default("mean"),
});

export type LearnStandardOptions = OptionsOf<typeof learnStandardParameters>;

/** A standard scale: where on it each landmark lies. Plain data; a JSON file of it serves other images. */
export interface HistogramStandard {
  readonly percents: readonly number[];
  readonly landmarks: readonly number[];
}

/**
 * Learns a standard scale: each image's landmarks are brought onto the scale's ends by a line, then averaged.
 * Images of one channel, or of several that are measured together.
 * @param masks where to measure in each image, in place of the foreground; undefined where an image has none
 * @throws RoentgenError "too-few-samples" without images, "value-missing" for an image without foreground,
 * "value-invalid" for one whose outer landmarks are equal
 */
export function learnHistogramStandard(
  images: Iterable<Image>,
  {
    masks,
    ...options
  }: LearnStandardOptions & { readonly masks?: readonly (Image | undefined)[] } = {},
): HistogramStandard {
  const settings = checkParameters(learnStandardParameters, options, "histogram standard");
  const { percents, scale, foreground } = settings;
  checkRising(percents, "percents");
  const sums = new Float64Array(percents.length);
  let count = 0;
  for (const image of images) {
    const mask = masks?.[count];
    const onScale = landmarksOnScale(image, { percents, scale, foreground, mask });
    for (const [at, landmark] of onScale.entries()) sums[at] += landmark;
    count++;
  }
  if (count === 0) refuseNoImages();
  return { percents, landmarks: [...sums].map((sum) => sum / count) };
}

function landmarksOnScale(
  image: Image,
  { percents, scale, foreground, mask }: LandmarkOptions & { scale: readonly [number, number] },
): number[] {
  const [landmarks] = landmarksOf(image, { percents, foreground, mask }, false);
  const ends = [landmarks[0], landmarks[landmarks.length - 1]] as const;
  if (!(ends[1] > ends[0])) refuseFlat(ends[0]);
  const { subtract, divide, times = 1, add = 0 } = lineBetween(ends, scale);
  return landmarks.map((value) => ((value - subtract) / divide) * times + add);
}

interface LandmarkOptions extends Masked {
  readonly percents: readonly number[];
  readonly foreground: Foreground;
}

function landmarksOf(image: Image, options: LandmarkOptions, channelWise: boolean): number[][] {
  const { percents, mask } = options;
  const foreground = mask ? "mask" : options.foreground;
  return measureChannels(image, { foreground, mask, channelWise }, (values) =>
    percentilesOf(values, percents),
  );
}

export const standardiseParameters = parameters({
  /** What `learnHistogramStandard` gave. */
  standard: parameters({
    percents: rules.array(percent).min(2).readonly(),
    landmarks: rules.array(number()).min(2).readonly(),
  }),
  /** Voxels that are measured; as when the standard was learnt. All are mapped. */
  foreground: foregroundRule().default("mean"),
});

export type StandardiseOptions = OptionsOf<typeof standardiseParameters> & Masked;

/** The values at the standard's percentiles, for each channel. */
export interface StandardisedFigures {
  readonly landmarks: readonly (readonly number[])[];
}

/**
 * Maps an image's landmarks to those of a standard, straight between them; the outermost pieces go on beyond.
 * Each channel by itself.
 * @throws RoentgenError "value-invalid" for an image whose landmarks are all equal, "bad-option" for a standard
 * that does not rise
 */
export function standardiseHistogram(
  image: Image,
  { mask, ...options }: StandardiseOptions,
): { image: Image; found: StandardisedFigures } {
  const { standard, foreground } = checkParameters(
    standardiseParameters,
    options,
    "histogram standardisation",
  );
  checkStandard(standard);
  const { percents } = standard;
  const found = { landmarks: landmarksOf(image, { percents, foreground, mask }, true) };
  return { image: mapToStandard(image, found, standard), found };
}

function mapToStandard(
  image: Image,
  { landmarks }: StandardisedFigures,
  standard: HistogramStandard,
) {
  checkChannels(image, landmarks, "The landmarks found");
  return mapChannels(image, { channelWise: true }, (values: VoxelArray, into, channel) =>
    fillPiecewise(values, into, knotsOf(landmarks[channel], standard.landmarks), "extend"),
  );
}

/** Landmarks that coincide, as in images of few values, are one knot, at the mean of where they go. */
function knotsOf(from: readonly number[], to: readonly number[]) {
  const x = [...new Set(from)];
  if (x.length < 2) refuseFlat(x[0]);
  const y = x.map((value) => {
    const same = to.filter((_, at) => from[at] === value);
    return same.reduce((sum, landmark) => sum + landmark, 0) / same.length;
  });
  return { x, y };
}

function refuseFlat(value: number): never {
  throw new RoentgenError("value-invalid", {
    problem: "The histogram of an image has no width",
    expected: "percentiles that differ",
    found: `${value} at all of them`,
    remedy: "Leave the image out, or choose another foreground.",
  });
}

function checkStandard({ percents, landmarks }: HistogramStandard): void {
  checkRising(percents, "percents");
  checkRising(landmarks, "landmarks");
  if (percents.length === landmarks.length) return;
  throw new RoentgenError("bad-option", {
    problem: "The histogram standard does not fit together",
    expected: `a landmark for each of ${percents.length} percentiles`,
    found: `${landmarks.length}`,
    subject: "standard",
  });
}

function checkRising(values: readonly number[], name: string): void {
  const fall = values.findIndex((value, at) => at > 0 && !(value > values[at - 1]));
  if (fall < 0) return;
  throw new RoentgenError("bad-option", {
    problem: `The ${name} of the histogram standard do not rise`,
    expected: "every number above the one before",
    found: `${values[fall - 1]}, ${values[fall]}`,
    subject: name,
  });
}

function refuseNoImages(): never {
  throw new RoentgenError("too-few-samples", {
    problem: "A histogram standard cannot be learnt",
    expected: "at least one image",
    found: "none",
  });
}

export const standardiseKind: TransformKind<typeof standardiseParameters> = {
  name: "histogram-standard",
  title: "Maps an MR image's percentiles to those of a standard learnt before (Nyúl and Udupa).",
  parameters: standardiseParameters,
  apply: (image, settings, { mask }) => {
    const within = maskWanted(settings, mask);
    const { image: after, found } = standardiseHistogram(image, { ...settings, mask: within });
    return { image: after, found: found as unknown as Json };
  },
  replay: (image, { settings, found }) =>
    mapToStandard(image, found as unknown as StandardisedFigures, settings.standard),
};
