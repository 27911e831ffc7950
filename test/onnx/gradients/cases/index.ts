// All cases of the gradient checks.

import type { GradientCase } from "../gradient-case.ts";
import { arrangementCases } from "./arrangements.ts";
import { elementwiseCases } from "./elementwise.ts";
import { normalizationCases } from "./normalizations.ts";
import { productCases } from "./products.ts";
import { recurrentCases } from "./recurrent.ts";
import { windowCases } from "./windows.ts";

export const cases: readonly GradientCase[] = [
  ...elementwiseCases,
  ...productCases,
  ...recurrentCases,
  ...windowCases,
  ...normalizationCases,
  ...arrangementCases,
].map((one) => ({ of: "", ...one }));
