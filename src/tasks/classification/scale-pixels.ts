// Pixels in 0 … 1 made what a network learnt from, as a model of its own to put before it.

import { RoentgenError } from "../../base/index.ts";
import type { PixelScaling } from "../../networks/index.ts";
import { algebraOf, graphBuilder, int, type OnnxModel, type Term } from "../../onnx/index.ts";

export const PIXELS = "pixels";
export const SCALED = "pixels/scaled";

/**
 * The model [N, channels, …size] → the same, `(pixel · factor − mean) / deviation` with the channels in their order.
 * @throws RoentgenError "shape-mismatch" where the scaling is of another number of channels
 */
export function scalePixels(
  shape: readonly number[],
  { scaling, opset }: { scaling: PixelScaling | undefined; opset: number },
): OnnxModel {
  const graph = graphBuilder({ opset });
  const m = algebraOf(graph);
  const [channels, ...size] = shape;
  const perChannel = (values: readonly number[], hint: string): Term => {
    checkChannels(values, channels);
    const lengths = [channels, ...size.map(() => 1)];
    return graph.constant(
      { type: "float32", shape: lengths, data: Float32Array.from(values) },
      hint,
    );
  };
  let term = graph.input({ name: PIXELS, type: "float32", shape: ["N", ...shape] });
  if (scaling) {
    const { order, factor, mean, deviation } = scaling;
    if (order === "BGR") term = m.op("Gather", [term, m.lengths([2, 1, 0])], { axis: int(1) });
    if (factor !== 1) term = m.mul(term, factor);
    if (mean.some((value) => value !== 0)) term = m.sub(term, perChannel(mean, "mean"));
    if (deviation.some((value) => value !== 1)) {
      term = m.div(term, perChannel(deviation, "deviation"));
    }
  }
  graph.output({ name: SCALED }, term);
  return graph.build();
}

function checkChannels(values: readonly number[], channels: number): void {
  if (values.length === channels) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "The scaling of pixels does not fit the network",
    expected: `a mean and a deviation for each of ${channels} channels`,
    found: `${values.length}`,
    subject: "scaling",
  });
}
