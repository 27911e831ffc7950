// What every drawn scan must hold, whatever the modality.

import { expect } from "vitest";
import { type Geometry, voxelCount } from "../../../src/base/index.ts";
import type { DrawnList, PhantomScan } from "../../../src/datasets/index.ts";
import { measureLabels } from "../../../src/imaging/index.ts";

type Draw<G extends Geometry> = (options: {
  count?: number;
  seed?: number;
}) => DrawnList<PhantomScan<G>>;

/** Same options and position, same bits; another seed or position, another scan. */
export function expectReproducible<G extends Geometry>(draw: Draw<G>): void {
  const list = draw({ count: 3, seed: 4 });
  const scan = list.at(1);
  expect(draw({ count: 2, seed: 4 }).at(1)).toEqual(scan);
  expect(list.at(2).image.data).not.toEqual(scan.image.data);
  expect(draw({ count: 3, seed: 5 }).at(1).image.data).not.toEqual(scan.image.data);
  expect([...list].map(({ patient }) => patient.id)).toEqual(["P0001", "P0002", "P0003"]);
  expect(() => list.at(3)).toThrow(/no phantom 3/);
}

/** Mask, boxes and names agree with each other. */
export function expectTruth({ image, mask, structures, findings }: PhantomScan): void {
  expect(mask.geometry).toEqual(image.geometry);
  expect(mask.data).toHaveLength(voxelCount(image.geometry));
  const regions = new Map(measureLabels(mask).map((region) => [region.label, region]));
  const named = new Set(Object.values(structures));
  expect([...regions.keys()].filter((label) => !named.has(label))).toEqual([]);
  for (const { label, box, diameterMm } of findings) {
    expect(named.has(label)).toBe(true);
    expect(regions.get(label)?.box).toEqual(box);
    expect(diameterMm).toBeGreaterThan(0);
  }
}

/** Mean of the image where the mask has a label. */
export function meanOf({ image, mask, structures }: PhantomScan, name: string): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < mask.data.length; at++) {
    if (mask.data[at] !== structures[name]) continue;
    sum += image.data[at];
    count += 1;
  }
  return sum / count;
}
