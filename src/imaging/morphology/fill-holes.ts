// Fills the holes of a mask: background that no path of background joins to the image's border.

import {
  checkParameters,
  type Geometry,
  type Image,
  makeImage,
  type OptionsOf,
  oneOf,
  parameters,
} from "../../base/index.ts";
import type { Connectivity } from "./connectivity.ts";
import { joinRuns } from "./join-runs.ts";
import { backgroundRuns, paintRuns, type Runs } from "./runs.ts";
import { refuseChannels } from "./single-channel.ts";

export const holeParameters = parameters({
  /** "volume": cavities closed on all sides; "slices": also tubes, each slice (i, j) by itself. */
  within: oneOf("volume", "slices").default("volume"),
  /** Whether background also leaks out between voxels that touch at edges and corners only. */
  leaks: oneOf("faces", "corners").default("faces"),
});

/** Where holes are looked for. */
export type HoleOptions = OptionsOf<typeof holeParameters>;

/**
 * The mask (0 and 1) with its holes filled; voxels other than 0 are foreground. As scipy.ndimage.binary_fill_holes, but
 * an image of depth 1 has no border above and below.
 * @throws RoentgenError "shape-mismatch" for several values a voxel, "bad-option"
 */
export function fillHoles<G extends Geometry>(
  image: Image<G>,
  options: HoleOptions = {},
): Image<G, Uint8Array> {
  const { within, leaks } = checkParameters(holeParameters, options, "hole filling");
  refuseChannels(image, "Cannot fill holes");
  const { data, geometry } = image;
  const runs = backgroundRuns(data, geometry.size);
  const plane = within === "slices" || geometry.size[2] === 1;
  const { count, labelOfRun } = joinRuns(runs, connectivityOf(plane, leaks));
  const open = reachBorder(runs, labelOfRun, count, plane);
  const filled = paintRuns(
    new Uint8Array(data.length),
    runs,
    labelOfRun.map((label) => open[label]),
  );
  for (let at = 0; at < filled.length; at++) filled[at] ^= 1;
  return makeImage({ geometry, data: filled });
}

function connectivityOf(plane: boolean, leaks: "faces" | "corners"): Connectivity {
  if (leaks === "faces") return plane ? 4 : 6;
  return plane ? 8 : 26;
}

/** Which components have a voxel at a border; an axis of one voxel has none. */
function reachBorder(runs: Runs, labelOfRun: Int32Array, count: number, plane: boolean) {
  const { size, wordsPerRow, bits, startsBefore } = runs;
  const [width, height, depth] = size;
  const lastBit = (width - 1) & 31;
  const open = new Uint8Array(count + 1);
  for (let row = 0; row < height * depth; row++) {
    const word = row * wordsPerRow;
    const end = word + wordsPerRow;
    const [first, next] = [startsBefore[word], startsBefore[end]];
    if (atEdge(row % height, height) || (!plane && atEdge(Math.floor(row / height), depth))) {
      for (let run = first; run < next; run++) open[labelOfRun[run]] = 1;
    } else if (width > 1) {
      if ((bits[word] & 1) !== 0) open[labelOfRun[first]] = 1;
      if (((bits[end - 1] >>> lastBit) & 1) !== 0) open[labelOfRun[next - 1]] = 1;
    }
  }
  return open;
}

function atEdge(place: number, length: number): boolean {
  return length > 1 && (place === 0 || place === length - 1);
}
