// Random patches, some of them about foreground, so that small structures are seen often enough.

import {
  type Image,
  number,
  type RandomStream,
  RoentgenError,
  type Triple,
  type VoxelArray,
} from "../../base/index.ts";
import { outsideRule, wholeTriple } from "../spatial/parameters.ts";
import type { TransformStep } from "../transform.ts";
import { randomChange } from "./random-change.ts";

/**
 * nnU-Net's patches: a third of them hold a voxel of a label drawn among those present, in their middle as
 * far as the image's borders allow; the others lie anywhere. MONAI's RandCropByPosNegLabel is alike. An
 * image shorter than the patch is padded evenly.
 */
export const randomCrop = randomChange({
  name: "random-crop",
  title: "Cuts out a random patch, sometimes about foreground.",
  parameters: {
    /** Voxels of the patch along i, j, k. */
    size: wholeTriple({ min: 1 }),
    /** How often a patch is laid about foreground of the mask (labels other than 0). */
    foregroundProbability: number({ min: 0, max: 1 }).default(0.33),
    /** What an image is padded with that is shorter than the patch. */
    outside: outsideRule().default("edge"),
  },
  looks: true,
  draw: (random, { size, foregroundProbability, outside }, { geometry, mask }) => {
    const wanted = random.uniform() < foregroundProbability;
    if (foregroundProbability > 0 && !mask) refuseWithoutMask();
    const centre = wanted && mask ? drawForeground(random, mask) : undefined;
    return placePatch(random, { size, whole: geometry.size, centre, outside });
  },
});

interface Patch {
  readonly size: Triple;
  readonly whole: Triple;
  readonly centre: Triple | undefined;
  readonly outside: number | "edge" | "mirror";
}

function placePatch(
  random: RandomStream,
  { size, whole, centre, outside }: Patch,
): TransformStep[] {
  const padded = whole.map((length, axis) => Math.max(length, size[axis]));
  const start = size.map((length, axis) => {
    const last = padded[axis] - length;
    const anywhere = random.integer(last + 1);
    if (!centre) return anywhere;
    const before = Math.floor((padded[axis] - whole[axis]) / 2);
    const first = centre[axis] + before - Math.floor(length / 2);
    return Math.min(Math.max(first, 0), last);
  });
  const crop = { name: "crop", start, size };
  const isShort = padded.some((length, axis) => length > whole[axis]);
  return isShort ? [{ name: "pad-to-size", size: padded, outside }, crop] : [crop];
}

/** A voxel of a label drawn among those present other than 0; undefined where there are none. */
function drawForeground(random: RandomStream, { data, geometry }: Image): Triple | undefined {
  const counts = countLabels(data);
  const labels = [...counts.keys()].sort((a, b) => a - b);
  if (labels.length === 0) return undefined;
  const label = labels[random.integer(labels.length)];
  const at = placeOf(data, label, random.integer(counts.get(label) as number));
  const [width, height, depth] = geometry.size;
  return [at % width, Math.floor(at / width) % height, Math.floor(at / (width * height)) % depth];
}

function countLabels(data: VoxelArray): Map<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at < data.length; at++) {
    const label = data[at];
    if (label !== 0) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** Where a label occurs for the n-th time. */
function placeOf(data: VoxelArray, label: number, n: number): number {
  for (let at = 0; at < data.length; at++) {
    if (data[at] === label && n-- === 0) return at;
  }
  return 0;
}

function refuseWithoutMask(): never {
  throw new RoentgenError("value-missing", {
    problem: "Cannot lay patches about foreground: there is no mask",
    remedy: 'Give a mask with the image, or set "foregroundProbability" to 0.',
    subject: "foregroundProbability",
  });
}
