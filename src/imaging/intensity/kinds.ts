// The transforms of intensities, in the order of documentation.

import type { TransformKind } from "../transform.ts";
import { claheKind } from "./clahe/clahe.ts";
import { clipKind } from "./clip.ts";
import { ctBodyMaskKind } from "./ct-body-mask.ts";
import { equalisationKind } from "./equalise-histogram.ts";
import { foregroundMaskKind } from "./foreground-mask.ts";
import { gammaKind } from "./gamma.ts";
import { standardiseKind } from "./histogram-standard.ts";
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
  standardiseKind,
  equalisationKind,
  claheKind,
  gammaKind,
  foregroundMaskKind,
  ctBodyMaskKind,
];
