// Looks into a file of weights: names, shapes and types, without reading the numbers.

import { elementCount } from "../../base/index.ts";
import { type ReadWeightsOptions, readWeights, type WeightsFormat } from "../../formats/index.ts";
import { weightsFormatOf, withSource } from "./open-weights.ts";

export interface InspectedWeights {
  readonly format: WeightsFormat;
  readonly part: string;
  readonly parts: readonly string[];
  readonly tensors: readonly {
    readonly name: string;
    /** Element type in the file. */
    readonly type: string;
    readonly shape: readonly number[];
  }[];
  /** Numbers in all tensors together. */
  readonly parameterCount: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether the file says what is computed with them. */
  readonly hasModel: boolean;
  readonly notes: readonly string[];
}

/** Whether a file begins as one of weights does. */
export async function isWeights(path: string): Promise<boolean> {
  return (await weightsFormatOf(path)) !== undefined;
}

/**
 * Lists the tensors of a file of weights, or of one of its parts.
 * @throws RoentgenError where it can't be read
 */
export function inspectWeights(
  path: string,
  options: ReadWeightsOptions = {},
): Promise<InspectedWeights> {
  return withSource(path, async (source) => {
    const { tensors, config, ...file } = await readWeights(source, options);
    const listed = [...tensors.values()].map(({ name, storedAs, shape }) => ({
      ...{ name, type: storedAs, shape },
    }));
    const parameterCount = listed.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return { ...file, tensors: listed, parameterCount, hasModel: config !== undefined };
  });
}
