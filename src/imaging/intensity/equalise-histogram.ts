// Histogram equalisation: every value becomes the share of values up to it, as skimage.exposure.equalize_hist.

import {
  checkParameters,
  flag,
  type Image,
  integer,
  type OptionsOf,
  parameters,
  type VoxelArray,
} from "../../base/index.ts";
import type { Json, TransformKind } from "../transform.ts";
import { checkChannels, mapChannels } from "./channels.ts";
import { foregroundRule, type Masked, maskWanted, measureChannels } from "./foreground.ts";
import { histogramOf } from "./histogram.ts";
import { fillPiecewise } from "./piecewise.ts";

export const equalisationParameters = parameters({
  /** Bins of fractions; whole numbers have one each. */
  bins: integer({ min: 2, max: 65536 }).default(256),
  /** Voxels whose histogram is taken; all are mapped. */
  foreground: foregroundRule().default("all"),
  /** Each channel by itself, or all as one. */
  channelWise: flag().default(true),
});

export type EqualisationOptions = OptionsOf<typeof equalisationParameters> & Masked;

/** The cumulative histogram of each channel: at `values`, the share (0 … 1) of voxels in bins up to there. */
export interface EqualisationFigures {
  readonly curves: readonly {
    readonly values: readonly number[];
    readonly shares: readonly number[];
  }[];
}

/** Maps each value to the share of the foreground's values at most as high, 0 … 1, linear between bin middles. */
export function equaliseHistogram(
  image: Image,
  { mask, ...options }: EqualisationOptions = {},
): { image: Image; found: EqualisationFigures } {
  const settings = checkParameters(equalisationParameters, options, "histogram equalisation");
  const curves = measureChannels(image, { ...settings, mask }, (values) =>
    curveOf(values, settings.bins),
  );
  const found = { curves };
  return { image: mapWith(image, found, settings.channelWise), found };
}

/** The cumulative share at each bin that holds something or borders on one that does; elsewhere it does not rise. */
function curveOf(values: VoxelArray, bins: number) {
  const { counts, centres } = histogramOf(values, bins);
  const curve = new Map<number, number>();
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    sum += counts[bin];
    // Bins too narrow for their middles to differ are one.
    if (counts[bin] > 0 || counts[bin + 1] > 0) curve.set(centres[bin], sum / values.length);
  }
  return { values: [...curve.keys()], shares: [...curve.values()] };
}

function mapWith(image: Image, { curves }: EqualisationFigures, channelWise: boolean): Image {
  if (channelWise) checkChannels(image, curves, "The curves found");
  return mapChannels(image, { channelWise }, (values, into, channel) => {
    const { values: x, shares: y } = curves[channel];
    fillPiecewise(values, into, { x, y }, "hold");
  });
}

export const equalisationKind: TransformKind<typeof equalisationParameters> = {
  name: "histogram-equalisation",
  title: "Spreads values so that each output range holds as many voxels as any other.",
  parameters: equalisationParameters,
  apply: (image, settings, { mask }) => {
    const within = maskWanted(settings, mask);
    const { image: after, found } = equaliseHistogram(image, { ...settings, mask: within });
    return { image: after, found: found as unknown as Json };
  },
  replay: (image, { settings, found }) =>
    mapWith(image, found as unknown as EqualisationFigures, settings.channelWise),
};
