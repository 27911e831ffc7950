// Looks into a file of weights: names, shapes and types, without reading the numbers.

import { openFile, pathKind } from "#files";
import { elementCount } from "../../base/index.ts";
import {
  type ReadWeightsOptions,
  readWeights,
  type WeightsFormat,
  weightsFormatOfFile,
} from "../../formats/index.ts";

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
  readonly notes: readonly string[];
}

/** Whether a file begins as one of weights does. */
export async function isWeights(path: string): Promise<boolean> {
  if ((await pathKind(path)) !== "file") return false;
  const source = await openFile(path);
  try {
    return (await weightsFormatOfFile(source)) !== undefined;
  } finally {
    await source.close();
  }
}

/**
 * Lists the tensors of a file of weights, or of one of its parts.
 * @throws RoentgenError where it can't be read
 */
export async function inspectWeights(
  path: string,
  options: ReadWeightsOptions = {},
): Promise<InspectedWeights> {
  const source = await openFile(path);
  try {
    const { tensors, config: _, ...file } = await readWeights(source, options);
    const listed = [...tensors.values()].map(({ name, storedAs, shape }) => ({
      ...{ name, type: storedAs, shape },
    }));
    const parameterCount = listed.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return { ...file, tensors: listed, parameterCount };
  } finally {
    await source.close();
  }
}
