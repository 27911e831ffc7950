// Where the findings that were painted can be seen, measured in the finished mask.

import {
  applyAffine,
  type Geometry,
  type Image,
  indexToWorld,
  type Triple,
} from "../../../base/index.ts";
import { type IndexBox, measureLabels } from "../../../imaging/index.ts";
import type { ScanFinding } from "./scan.ts";

/** A finding as it was drawn. */
export type DrawnFinding = Pick<ScanFinding, "kind" | "label" | "diameterMm">;

/** The findings of which a voxel can be seen, with the boxes around what can. */
export function findingsIn(
  mask: Image<Geometry, Uint8Array>,
  drawn: readonly DrawnFinding[],
): ScanFinding[] {
  const boxes = new Map(measureLabels(mask).map(({ label, box }) => [label, box]));
  return drawn.flatMap(({ kind, label, diameterMm }) => {
    const box = boxes.get(label);
    if (!box) return [];
    const boxMm = mask.geometry.frame === "LPS" ? boxInMm(mask.geometry, box) : undefined;
    return { kind, label, box, ...(boxMm && { boxMm }), diameterMm };
  });
}

/** Between the outer faces of a box's voxels; the axes of the grid run along those of the patient. */
function boxInMm(geometry: Geometry, { from, to }: IndexBox): { from: Triple; to: Triple } {
  const toWorld = indexToWorld(geometry);
  const face = (index: Triple) =>
    applyAffine(toWorld, index.map((n) => n - 0.5) as unknown as Triple);
  const [a, b] = [face(from), face(to)];
  return {
    from: a.map((c, axis) => Math.min(c, b[axis])) as unknown as Triple,
    to: a.map((c, axis) => Math.max(c, b[axis])) as unknown as Triple,
  };
}
