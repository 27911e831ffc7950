// Pixels in 0 … 1 made what networks learnt from, as a model of its own to put before them.

import { RoentgenError } from "../../base/index.ts";
import type { PixelScaling } from "../../networks/index.ts";
import { algebraOf, graphBuilder, int, type OnnxModel, type Term } from "../../onnx/index.ts";
import { type MirrorAxis, withMirrorImages } from "./mirrored-copies.ts";

export const PIXELS = "pixels";

/** The scaled pixels for one of the networks. */
export const scaledFor = (network: number): string =>
  network === 0 ? "pixels/scaled" : `pixels/scaled-${network + 1}`;

export interface ScalePixelsOptions {
  scaling: PixelScaling | undefined;
  /** Along which the images are mirrored; the copies go through the networks, too. */
  mirrors?: readonly MirrorAxis[];
  /** Networks that take the scaled pixels, each by a name of its own. */
  networks?: number;
  opset: number;
}

/**
 * The model [N, channels, …size] → the same, `(pixel · factor − mean) / deviation` with the channels in their order.
 * @throws RoentgenError "shape-mismatch" where the scaling is of another number of channels
 */
export function scalePixels(
  shape: readonly number[],
  { scaling, mirrors = [], networks = 1, opset }: ScalePixelsOptions,
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
  const copies = withMirrorImages(graph, term, mirrors);
  for (let network = 0; network < networks; network++) {
    graph.output({ name: scaledFor(network) }, copies);
  }
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
