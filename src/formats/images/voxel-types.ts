// Voxels as another element type, where that loses nothing but a float's last digits.

import {
  INTEGER_RANGES,
  makeVoxels,
  RoentgenError,
  type VoxelArray,
  type VoxelType,
  voxelType,
} from "../../base/index.ts";

const RANGES: Readonly<Record<VoxelType, readonly [least: number, most: number]>> = {
  ...INTEGER_RANGES,
  float32: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  float64: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
};

/**
 * The same values as `type`: the array itself where it is of that type.
 * @throws RoentgenError "value-invalid" for a value that an integer type can't hold: one with decimals, one
 *   beyond the type's range
 */
export function voxelsAs(data: VoxelArray, type: VoxelType): VoxelArray {
  if (voxelType(data) === type) return data;
  const converted = makeVoxels(type, data.length);
  const [least, most] = RANGES[type];
  const whole = !type.startsWith("float");
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    converted[index] = value;
    if (whole && !(value >= least && value <= most && converted[index] === value)) {
      throw new RoentgenError("value-invalid", {
        problem: `Cannot write the voxels as ${type}`,
        expected: `whole numbers from ${least} to ${most}`,
        found: `${value}`,
        remedy: "Choose a wider type, or round or scale the values first.",
      });
    }
  }
  return converted;
}

/** Voxels of that type that hold the image's values, the first of several; for formats with few types. */
export function firstTypeThatHolds(
  data: VoxelArray,
  types: readonly VoxelType[],
): VoxelType | undefined {
  const own = voxelType(data);
  if (types.includes(own)) return own;
  return types.find((type) => holdsAll(type, own));
}

/** Whether every value of one type is one of the other. */
function holdsAll(type: VoxelType, own: VoxelType): boolean {
  if (type === "float64") return true;
  if (type === "float32") return !own.includes("32") && own !== "float64";
  if (own.startsWith("float")) return false;
  const [least, most] = RANGES[own];
  return RANGES[type][0] <= least && RANGES[type][1] >= most;
}
