// All cases of the gradient checks.

import type { GradientCase } from "../gradient-case.ts";
import { arrangementCases } from "./arrangements.ts";
import { elementwiseCases } from "./elementwise.ts";
import { normalizationCases } from "./normalizations.ts";
import { productCases } from "./products.ts";
import { windowCases } from "./windows.ts";

/** What the reference evaluator does not know yet. */
const awaited = new Set(["Attention", "AveragePool", "GridSample", "Resize"]);

export const cases: readonly (GradientCase & { isAwaited: boolean })[] = [
  ...elementwiseCases,
  ...productCases,
  ...windowCases,
  ...normalizationCases,
  ...arrangementCases,
].map((one) => ({ of: "", isAwaited: awaited.has(one.operator), ...one }));
