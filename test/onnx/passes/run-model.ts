// Runs a model in ONNX Runtime and gives its outputs as plain numbers.

import { openSession } from "#session";
import { encodeModel, type OnnxModel, type OnnxTensor } from "../../../src/onnx/index.ts";

export interface PlainTensor {
  readonly type: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

export async function runModel(
  model: OnnxModel,
  feeds: Readonly<Record<string, OnnxTensor>>,
): Promise<Record<string, PlainTensor>> {
  const session = await openSession(encodeModel(model), { threads: 1 });
  try {
    const outputs = Object.entries(await session.run(feeds));
    return Object.fromEntries(outputs.map(([name, tensor]) => [name, plain(tensor)]));
  } finally {
    await session.close();
  }
}

function plain({ type, shape, data }: OnnxTensor): PlainTensor {
  const values = Array.from<number | bigint | string, number | string>(
    data as ArrayLike<number | bigint | string>,
    (value) => (typeof value === "string" ? value : Number(value)),
  );
  return { type, shape: [...shape], values };
}

/** Different numbers around 0 that repeat with the seed. */
export function waves(shape: readonly number[], seed = 1): OnnxTensor {
  const length = shape.reduce((product, one) => product * one, 1);
  const data = Float32Array.from(
    { length },
    (_, at) => 2 * Math.sin(seed + 1.7 * at + 0.01 * at * at),
  );
  return { type: "float32", shape: [...shape], data };
}
