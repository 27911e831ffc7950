// Morphology as transforms: named, with settings that survive JSON, on the same grid.

import { describe, expect, it } from "vitest";
import { type Image, makeImage } from "../../../src/base/index.ts";
import { applyTransforms, fillHoles, replayTransforms } from "../../../src/imaging/index.ts";

const geometry = { frame: "pixels", size: [5, 5, 1], spacing: [1, 1, 1] } as const;
// biome-ignore format: a picture
const ring = makeImage({ geometry, data: Uint8Array.of(
  1, 1, 1, 0, 0,
  1, 0, 1, 0, 0,
  1, 1, 1, 0, 0,
  0, 0, 0, 0, 0,
  0, 0, 0, 0, 2,
) });

describe("A transform of shapes", () => {
  it.each([
    { name: "components" },
    { name: "largest-component", connectivity: 8 },
    { name: "remove-small", minVoxels: 2 },
    { name: "fill-holes", within: "slices" },
    { name: "erode", shape: "box", radius: [1, 0, 0] },
    { name: "dilate", radiusMm: 1.5 },
    { name: "open" },
    { name: "close", outside: "zero" },
    { name: "morphological-gradient" },
    { name: "top-hat" },
    { name: "bottom-hat" },
    { name: "surface", neighbours: "all" },
    { name: "distance", type: "float32" },
    { name: "signed-distance" },
  ])("named $name replays from JSON", async (step) => {
    const { image, applied } = await applyTransforms(ring, [step]);
    expect(image.geometry).toEqual(geometry);
    const replayed = await replayTransforms(ring, JSON.parse(JSON.stringify(applied)));
    expect(replayed.data).toEqual(image.data);
    expect(image.data).not.toEqual(ring.data);
  });

  it("does what the function does, and says what it counted", async () => {
    const { image, applied } = await applyTransforms(ring, [
      { name: "fill-holes" },
      { name: "components" },
    ]);
    expect(image.data[6]).toBe(1);
    expect((image as Image).data[24]).toBe(2);
    expect(applied[1].found).toEqual({ count: 2 });
    expect(fillHoles(ring).data[6]).toBe(1);
  });

  it("refuses what it does not know", async () => {
    await expect(applyTransforms(ring, [{ name: "erode", radius: -1 }])).rejects.toThrow(/radius/);
    await expect(applyTransforms(ring, [{ name: "remove-small" }])).rejects.toThrow(/neither/);
    await expect(
      applyTransforms(ring, [{ name: "dilate", radius: 1, radiusMm: 1 }]),
    ).rejects.toThrow(/either radius/);
  });
});
