// Values as interquartile ranges from their median, which outliers do not move.

import { checkParameters, flag, type Image, type OptionsOf, parameters } from "../../base/index.ts";
import type { TransformKind } from "../transform.ts";
import { channelViews } from "./channels.ts";
import { foregroundRule, type Masked, maskWanted, measureChannels } from "./foreground.ts";
import { mapLinear, spread } from "./linear-map.ts";
import { percentilesOf } from "./percentile.ts";

export const robustScaleParameters = parameters({
  /** Voxels over which median and quartiles are taken. */
  foreground: foregroundRule().default("all"),
  /** Each channel by itself, or all as one. */
  channelWise: flag().default(true),
});

export type RobustScaleOptions = OptionsOf<typeof robustScaleParameters> & Masked;

/** Median and interquartile range of each channel. */
export interface RobustFigures {
  readonly median: readonly number[];
  readonly iqr: readonly number[];
}

/** (x − median) / interquartile range; where that range is 0, only the median is subtracted. */
export function robustScale(
  image: Image,
  { mask, ...options }: RobustScaleOptions = {},
): { image: Image; found: RobustFigures } {
  const settings = checkParameters(robustScaleParameters, options, "robust scaling");
  const quartiles = measureChannels(image, { ...settings, mask }, (values) =>
    percentilesOf(values, [25, 50, 75]),
  );
  const found = {
    median: quartiles.map(([, median]) => median),
    iqr: quartiles.map(([lower, , upper]) => upper - lower),
  };
  return { image: scaleWith(image, found, settings.channelWise), found };
}

function scaleWith(image: Image, { median, iqr }: RobustFigures, channelWise: boolean): Image {
  const channels = channelViews(image, channelWise).length;
  const ranges = spread(iqr, channels, "iqr");
  const lines = spread(median, channels, "median").map((subtract, at) => ({
    subtract,
    divide: ranges[at] || 1,
  }));
  return mapLinear(image, channelWise, lines);
}

export const robustScaleKind: TransformKind<typeof robustScaleParameters> = {
  name: "robust-scale",
  title: "Subtracts the median and divides by the interquartile range.",
  parameters: robustScaleParameters,
  apply: (image, settings, { mask }) => {
    const within = maskWanted(settings, mask);
    const { image: after, found } = robustScale(image, { ...settings, mask: within });
    return { image: after, found: { ...found } };
  },
  replay: (image, { settings, found }) =>
    scaleWith(image, found as unknown as RobustFigures, settings.channelWise),
};
