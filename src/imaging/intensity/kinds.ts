// The transforms of intensities, in the order of documentation.

import type { TransformKind } from "../transform.ts";
import { clipKind } from "./clip.ts";
import { biasFieldKind } from "./n4/bias-field.ts";
import { minMaxKind, percentileClipKind, percentileRescaleKind } from "./range-rescale.ts";
import { robustScaleKind } from "./robust-scale.ts";
import { windowKind } from "./window.ts";
import { zScoreKind } from "./z-score.ts";

export const intensityKinds: readonly TransformKind[] = [
  biasFieldKind,
  windowKind,
  clipKind,
  percentileClipKind,
  zScoreKind,
  robustScaleKind,
  minMaxKind,
  percentileRescaleKind,
];
