// The colours that labels are drawn in.

import { channelCount, type Image, makeImage, type Triple, voxelCount } from "../../base/index.ts";

/** How an image of labels is drawn. */
export interface LabelLegend {
  /** Red, green, blue of 0 to 255 by label; of labels that have none, one of the colours of masks. */
  readonly colors: ReadonlyMap<number, Triple>;
  /** The value that is no label; drawn black. */
  readonly background: number;
}

/** Colours of labels 1, 2, 3 …, repeated; Okabe and Ito's set, told apart with any colour vision. */
const LABEL_COLOURS: readonly Triple[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [213, 94, 0],
  [204, 121, 167],
  [0, 114, 178],
];

export function colourOfLabel(label: number, legend?: LabelLegend): Triple {
  const count = LABEL_COLOURS.length;
  const at = (((Math.round(label) - 1) % count) + count) % count;
  return legend?.colors.get(label) ?? LABEL_COLOURS[at];
}

/**
 * One label a voxel of an image with a channel a segment (values 0 to 1): the last segment that has at least half of it.
 * @returns the very same image where it has one channel
 */
export function flattenSegments(image: Image, { background }: LabelLegend): Image {
  const [axis] = image.channels;
  if (!axis) return image;
  const voxels = voxelCount(image.geometry);
  const data = new Float32Array(voxels).fill(background);
  const repeats = channelCount(image) / axis.size;
  for (let segment = 0; segment < axis.size; segment++) {
    const start = segment * repeats * voxels;
    const label = axis.values?.[segment] ?? segment + 1;
    for (let at = 0; at < voxels; at++) if (image.data[start + at] >= 0.5) data[at] = label;
  }
  return makeImage({ geometry: image.geometry, data });
}
