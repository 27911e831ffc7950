// Positions that scanners compute with noise: excused as far as no voxel moves visibly, refused beyond.

import { describe, expect, it } from "vitest";
import { listDicom, listedEntries } from "../../../../src/formats/index.ts";
import { slice } from "./synthetic-series.ts";

/** Slices of 0.6 mm whose positions are off by up to so many mm, in no order, with six decimals. */
async function problemsOf(noiseMm: number, axis: 0 | 1 | 2): Promise<string[]> {
  const sources = Array.from({ length: 24 }, (_, k) => {
    const position: [number, number, number] = [10.123457, 20.123457, 0.123457 + 0.6 * k];
    position[axis] += noiseMm * Math.sin(12.9898 * k);
    const written = position.map((part) => Number(part.toFixed(6)));
    return slice({ position: written as [number, number, number], value: k });
  });
  const [entry, ...others] = listedEntries(await listDicom(sources));
  expect(others).toEqual([]);
  return entry.problems.map(({ kind }) => kind);
}

describe("Positions with noise", () => {
  it.each([0.001, 0.005, 0.01])("of %f mm make an even stack", async (noiseMm) => {
    expect(await problemsOf(noiseMm, 2)).toEqual([]);
    expect(await problemsOf(noiseMm, 0)).toEqual([]);
    expect(await problemsOf(noiseMm, 1)).toEqual([]);
  });

  it("that is a tenth of a step is told as what it is", async () => {
    expect(await problemsOf(0.06, 2)).toEqual(["uneven"]);
    expect(await problemsOf(0.06, 0)).toEqual(["tilt"]);
  });

  it("are not excused by one position in whole numbers, which says nothing of the others", async () => {
    const stack = async (offMm: number) => {
      const sources = Array.from({ length: 9 }, (_, k) => {
        const z = k === 4 ? 4 : Number((k + (k === 6 ? offMm : 0) + 1e-6 * k * (k - 4)).toFixed(6));
        return slice({ position: [0, 0, z], value: k });
      });
      const [entry] = listedEntries(await listDicom(sources));
      return entry.problems.map(({ kind }) => kind);
    };
    expect(await stack(0.01)).toEqual([]);
    expect(await stack(0.04)).toEqual(["uneven"]);
  });
});
