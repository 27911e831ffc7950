// Conv over three axes in several groups, which WebGPU has in one group alone: a convolution a group, side by side.

import type { Algebra, Term } from "../../algebra.ts";
import { readAttributes } from "../../attributes.ts";
import { int } from "../../model.ts";
import { lengthsOf } from "../../shapes/dimensions.ts";
import type { Form } from "./fit-to-webgpu.ts";

export const groupedVolumes: Form = (node, { m }) => {
  if (node.operator !== "Conv") return;
  const group = readAttributes(node).int("group", 1);
  const [x, w, bias] = node.inputs;
  const wShape = lengthsOf(m.graph.typeOf(w)?.shape);
  if (group === 1 || wShape?.length !== 5) return;
  const [filters, channels] = wShape;
  const inputs = [
    parts(m, x, { axis: 1, length: channels, count: group }),
    parts(m, w, { axis: 0, length: filters / group, count: group }),
    ...(bias ? [parts(m, bias, { axis: 0, length: filters / group, count: group })] : []),
  ];
  const attributes = { ...node.attributes, group: int(1) };
  const outputs = inputs[0].map((_, at) =>
    m.op(
      "Conv",
      inputs.map((split) => split[at]),
      attributes,
    ),
  );
  return [m.op("Concat", outputs, { axis: int(1) })];
};

interface Splitting {
  readonly axis: number;
  readonly length: number;
  readonly count: number;
}

/** Equal parts along an axis. */
function parts(m: Algebra, term: Term, { axis, length, count }: Splitting): Term[] {
  const lengths = m.lengths(new Array<number>(count).fill(length));
  return m.graph.nodeWithOutputs("Split", [term, lengths], count, { axis: int(axis) });
}
