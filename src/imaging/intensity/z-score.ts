// Values as standard deviations from their mean, over all voxels or the foreground.

import {
  checkParameters,
  flag,
  type Image,
  type OptionsOf,
  parameters,
  RoentgenError,
} from "../../base/index.ts";
import type { TransformKind } from "../transform.ts";
import { channelViews } from "./channels.ts";
import { foregroundRule, type Masked, maskWanted, measureChannels } from "./foreground.ts";
import { mapLinear, perChannel, spread } from "./linear-map.ts";
import { meanAndSd } from "./statistics.ts";

export const zScoreParameters = parameters({
  /** Voxels over which mean and standard deviation are taken. */
  foreground: foregroundRule().default("all"),
  /** Each channel by itself, or all as one. */
  channelWise: flag().default(true),
  /** Fixed figures, such as those of a training set, in place of the image's own; both or neither. */
  mean: perChannel().optional(),
  sd: perChannel().optional(),
});

export type ZScoreOptions = OptionsOf<typeof zScoreParameters> & Masked;

/** Mean and standard deviation of each channel; given back as options they do the same to another image. */
export interface ZScoreFigures {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/**
 * (x − mean) / sd, both over the foreground (within `mask` if there is one), applied to all voxels. The standard
 * deviation is that of a population; where it is 0, only the mean is subtracted.
 * @throws RoentgenError "value-missing" for an empty foreground, "bad-option" for a mean without sd
 */
export function zScore(
  image: Image,
  { mask, ...options }: ZScoreOptions = {},
): { image: Image; found: ZScoreFigures } {
  const settings = checkParameters(zScoreParameters, options, "z-score");
  const found = figuresOf(image, { ...settings, mask });
  const lines = found.mean.map((mean, at) => ({ subtract: mean, divide: found.sd[at] || 1 }));
  return { image: mapLinear(image, settings.channelWise, lines), found };
}

function figuresOf(
  image: Image,
  {
    mean,
    sd,
    ...measured
  }: Parameters<typeof measureChannels>[1] & OptionsOf<typeof zScoreParameters>,
): ZScoreFigures {
  if (mean !== undefined && sd !== undefined) {
    const channels = channelViews(image, measured.channelWise).length;
    return { mean: spread(mean, channels, "mean"), sd: spread(sd, channels, "sd") };
  }
  if (mean !== undefined || sd !== undefined) {
    throw new RoentgenError("bad-option", {
      problem: "One of mean and sd is missing",
      expected: "both, or neither to take them from the image",
      subject: mean === undefined ? "mean" : "sd",
    });
  }
  const figures = measureChannels(image, measured, meanAndSd);
  return { mean: figures.map((one) => one.mean), sd: figures.map((one) => one.sd) };
}

export const zScoreKind: TransformKind<typeof zScoreParameters> = {
  name: "z-score",
  title:
    "Subtracts the mean and divides by the standard deviation, over all voxels or the foreground.",
  parameters: zScoreParameters,
  apply: (image, settings, { mask }) => {
    const within = maskWanted(settings, mask);
    const { image: after, found } = zScore(image, { ...settings, mask: within });
    return { image: after, found: { ...found } };
  },
  replay: (image, { settings, found }) =>
    zScore(image, { ...settings, ...(found as unknown as { mean: number[]; sd: number[] }) }).image,
};
