// Operators whose axes, sizes and limits moved from attributes to inputs.

import { int } from "../../model.ts";
import { forEach, type Step, type Steps, toInputs, withAttributes } from "./step.ts";

/** Since opset 18 equal parts are asked for by their number. */
const numberOfParts: Step = (node) =>
  node.inputs[1] ? [node] : [withAttributes(node, { num_outputs: int(node.outputs.length) })];

/** The axis of DFT is an input since opset 20, with another default. */
const axisOfTransform: Step = (node, at) => {
  const axis = node.attributes.axis ?? int(1);
  const [moved] = toInputs({ axis: 2 })(withAttributes(node, { axis }), {
    ...at,
    constant: (tensor) => at.constant({ ...tensor, shape: [] }),
  });
  return [moved];
};

const others =
  "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSumSquare";

export const axesTo5: Steps = { Reshape: toInputs({ shape: 1 }) };
export const axesTo10: Steps = {
  Slice: toInputs({ starts: 1, ends: 2, axes: 3 }),
  TopK: toInputs({ k: 1 }),
};
export const axesTo11: Steps = {
  Clip: toInputs({ min: 1, max: 2 }),
  Pad: toInputs({ pads: 1, value: 2 }),
  Scatter: (node) => [{ ...node, operator: "ScatterElements" }],
};
export const axesTo13: Steps = {
  ...forEach("Squeeze Unsqueeze ReduceSum", toInputs({ axes: 1 })),
  Split: toInputs({ split: 1 }),
};
export const axesTo18: Steps = {
  ...forEach(others, toInputs({ axes: 1 })),
  Split: numberOfParts,
};
export const axesTo20: Steps = { DFT: axisOfTransform };
