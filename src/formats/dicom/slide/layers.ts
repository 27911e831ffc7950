// What lies on top of each other in a slide's image: optical paths and focal planes.

import type { ChannelAxis } from "../../../base/index.ts";
import type { Tile } from "./tiles.ts";

export interface SlideLayers {
  /** Identifiers of the optical paths in their order. */
  readonly paths: readonly string[];
  /** Focal planes, mm from the slide, ascending. */
  readonly depthsMm: readonly number[];
  /** Of those of which there are several, slowest first. */
  readonly axes: readonly ChannelAxis[];
}

export function layersOf(tiles: readonly Tile[]): SlideLayers {
  const paths = [...new Set(tiles.map(({ path }) => path))];
  const depthsMm = [...new Set(tiles.map(({ depthMm }) => depthMm))].sort((a, b) => a - b);
  const axes: ChannelAxis[] = [];
  if (paths.length > 1) axes.push({ name: "optical path", size: paths.length });
  if (depthsMm.length > 1) {
    axes.push({ name: "focal plane", size: depthsMm.length, values: depthsMm, unit: "mm" });
  }
  return { paths, depthsMm, axes };
}
