// The transforms that filter values by those around them, in the order of documentation.

import type { TransformKind } from "../transform.ts";
import { gradientMagnitude, gradientParameters } from "./gradient-magnitude.ts";
import { medianFilter, medianParameters } from "./median.ts";

const medianKind: TransformKind<typeof medianParameters> = {
  name: "median",
  title: "Takes the median around each voxel: single outliers go, edges stay.",
  parameters: medianParameters,
  apply: (image, settings) => ({ image: medianFilter(image, settings) }),
};

const gradientMagnitudeKind: TransformKind<typeof gradientParameters> = {
  name: "gradient-magnitude",
  title: "Measures how steeply values change at each voxel.",
  parameters: gradientParameters,
  apply: (image, settings) => ({ image: gradientMagnitude(image, settings) }),
};

export const filterKinds: readonly TransformKind[] = [medianKind, gradientMagnitudeKind];
