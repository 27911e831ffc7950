// Embeddings of positions for images of another size: the grid of the file's is resampled to the network's, as timm does it
// (timm/layers/pos_embed.py, resample_abs_pos_embed).

import { elementCount, rowMajorStrides, type Tensor } from "../../base/index.ts";
import type { StoredTensor } from "../../formats/index.ts";
import type { OnnxTensor } from "../../onnx/index.ts";
import type { LayerRecord, Network } from "../network.ts";
import { rowMajorNumbers } from "../row-major.ts";
import type { WeightsSource } from "../transfer/load-weights.ts";

type Grid = readonly [height: number, width: number];

/** A parameter whose grid in the file is another. */
export interface FittedPositions {
  readonly parameter: string;
  readonly from: Grid;
  readonly to: Grid;
}

/** The weights with embeddings of positions of the network's size, and which were resampled. */
export function fitPositions(
  network: Network,
  source: WeightsSource,
): { weights: WeightsSource; fitted: readonly FittedPositions[] } {
  const { weights, names } = listed(source);
  const fitted: FittedPositions[] = [];
  for (const { parameter, to } of positionGrids(network)) {
    const name = names.find((one) => one === parameter || one.endsWith(`.${parameter}`));
    const shape = name === undefined ? [] : weights.shapeOf(name);
    const side = Math.sqrt(shape[1] - 1);
    const isOther = shape.length === 3 && shape[1] !== 1 + to[0] * to[1];
    // What a file has is square: nothing else says how its positions lie.
    if (name === undefined || !isOther || !Number.isInteger(side)) continue;
    weights.replace(name, { from: [side, side], to });
    fitted.push({ parameter, from: [side, side], to });
  }
  return { weights: fitted.length > 0 ? weights.source() : source, fitted };
}

/** Parameters of position embeddings, and the grid of patches that each is for. */
function positionGrids({ layers }: Network): { parameter: string; to: Grid }[] {
  return layers.flatMap(({ kind, parameters }, at) => {
    if (kind !== "position_embedding") return [];
    const map = layers.slice(0, at).findLast(isMap);
    const [height, width] = (map?.outputShape.slice(2) ?? []) as number[];
    return map ? [{ parameter: parameters[0].name, to: [height, width] as const }] : [];
  });
}

const isMap = ({ outputShape }: LayerRecord) => outputShape.length === 4;

/** Either kind of source, with weights that can be replaced. */
function listed(source: WeightsSource) {
  if (source.tensors instanceof Map) {
    const { format, metadata } = source as Extract<WeightsSource, { metadata: unknown }>;
    const tensors = new Map<string, StoredTensor>(source.tensors);
    const weights = {
      shapeOf: (name: string) => tensors.get(name)?.shape ?? [],
      replace: (name: string, grids: Resampling) =>
        tensors.set(name, resampledLater(tensors.get(name) as StoredTensor, grids)),
      source: (): WeightsSource => ({ format, metadata, tensors }),
    };
    return { weights, names: [...tensors.keys()] };
  }
  const tensors = { ...(source as Readonly<Record<string, OnnxTensor>>) };
  const weights = {
    shapeOf: (name: string) => tensors[name].shape,
    replace: (name: string, grids: Resampling) => {
      const { shape, data } = tensors[name];
      const numbers = data as Float32Array;
      const resampled = resamplePositions(numbers, { ...grids, features: shape[2] });
      tensors[name] = { type: "float32", shape: fittedShape(shape, grids), data: resampled };
    },
    source: (): WeightsSource => tensors,
  };
  return { weights, names: Object.keys(tensors) };
}

interface Resampling {
  readonly from: Grid;
  readonly to: Grid;
}

const fittedShape = ([batch, , features]: readonly number[], { to }: Resampling) => [
  batch,
  1 + to[0] * to[1],
  features,
];

function resampledLater(stored: StoredTensor, grids: Resampling): StoredTensor {
  const shape = fittedShape(stored.shape, grids);
  const read = async (): Promise<Tensor> => {
    const numbers = rowMajorNumbers(await stored.read());
    const resampled = resamplePositions(numbers, { ...grids, features: shape[2] });
    return { dtype: "float32", shape, strides: rowMajorStrides(shape), data: resampled };
  };
  return { ...stored, shape, read };
}

/** The first embedding as it is, those of the grid resampled along both axes. */
export function resamplePositions(
  data: Float32Array,
  { from, to, features }: Resampling & { features: number },
): Float32Array {
  const rows = cubicWeights(from[0], to[0]);
  const columns = cubicWeights(from[1], to[1]);
  const result = new Float32Array((1 + elementCount(to)) * features);
  result.set(data.subarray(0, features));
  for (let y = 0; y < to[0]; y++) {
    for (let x = 0; x < to[1]; x++) {
      const at = (1 + y * to[1] + x) * features;
      for (const [row, vertical] of rows[y]) {
        for (const [column, horizontal] of columns[x]) {
          const source = (1 + row * from[1] + column) * features;
          const weight = vertical * horizontal;
          for (let one = 0; one < features; one++) result[at + one] += weight * data[source + one];
        }
      }
    }
  }
  return result;
}

/** What each new position is made of: Keys's cubic (1981, equation 4, a = −½), widened where positions become fewer. */
function cubicWeights(from: number, to: number): [index: number, weight: number][][] {
  const scale = from / to;
  const width = Math.max(scale, 1);
  return Array.from({ length: to }, (_, at) => {
    const centre = (at + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - 2 * width + 0.5));
    const end = Math.min(from, Math.floor(centre + 2 * width + 0.5));
    const weights = Array.from({ length: end - first }, (_, one) =>
      keys((first + one - centre + 0.5) / width),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return weights.map((weight, one) => [first + one, weight / sum]);
  });
}

function keys(distance: number): number {
  const t = Math.abs(distance);
  if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}
