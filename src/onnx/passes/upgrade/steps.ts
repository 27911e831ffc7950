// What changed in the operators of ai.onnx from version to version (ONNX, Changelog.md). Versions that only let in more
// types, ranks or negative axes need no step.

import { axesTo5, axesTo10, axesTo11, axesTo13, axesTo18, axesTo20 } from "./axes.ts";
import { beforeTo2, beforeTo4, beforeTo6, beforeTo7 } from "./before-seven.ts";
import {
  normalisingTo7,
  normalisingTo9,
  normalisingTo10,
  normalisingTo12,
  normalisingTo14,
  normalisingTo21,
} from "./normalising.ts";
import {
  resizingTo7,
  resizingTo9,
  resizingTo10,
  resizingTo11,
  resizingTo13,
  resizingTo16,
  resizingTo20,
} from "./resizing.ts";
import { softmaxTo13 } from "./softmax.ts";
import type { Step, Steps } from "./step.ts";

/** Until opset 8 Scan ran over a batch of sequences of their own lengths. */
const batchedScan: Step = (_, at) => at.fail("Scan over a batch, as before opset 9, is gone");

/** Steps to each version, by operator. */
export const stepsTo: ReadonlyMap<number, Steps> = new Map([
  [2, beforeTo2],
  [4, beforeTo4],
  [5, axesTo5],
  [6, beforeTo6],
  [7, { ...beforeTo7, ...normalisingTo7, ...resizingTo7 }],
  [9, { ...normalisingTo9, ...resizingTo9, Scan: batchedScan }],
  [10, { ...axesTo10, ...normalisingTo10, ...resizingTo10 }],
  [11, { ...axesTo11, ...resizingTo11 }],
  [12, normalisingTo12],
  [13, { ...axesTo13, ...softmaxTo13, ...resizingTo13 }],
  [14, normalisingTo14],
  [16, resizingTo16],
  [18, axesTo18],
  [20, { ...axesTo20, ...resizingTo20 }],
  [21, normalisingTo21],
]);
