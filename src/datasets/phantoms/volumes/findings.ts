// Findings painted into a scan, each with its box.

import type { Geometry, Triple } from "../../../base/index.ts";
import { applyAffine, indexToWorld } from "../../../base/index.ts";
import type { IndexBox } from "../../../imaging/index.ts";
import type { ScanFinding } from "./scan.ts";

/** A finding with its box in mm, if the grid lies in the patient. */
export function findingIn(geometry: Geometry, finding: Omit<ScanFinding, "boxMm">): ScanFinding {
  if (geometry.frame !== "LPS") return finding;
  return { ...finding, boxMm: boxInMm(geometry, finding.box) };
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
