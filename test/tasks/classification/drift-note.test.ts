import { describe, expect, it } from "vitest";
import { fitUnusualness } from "../../../src/statistics/index.ts";
import { driftNote } from "../../../src/tasks/classification/drift-note.ts";

const heldOut = Array.from({ length: 60 }, (_, at) => at / 10);
const model = { unusual: { ...fitUnusualness(heldOut) } };
const images = (count: number, shift: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ kind: "number" as const, predicted: 0, distance: (at * 6) / count + shift },
  }));

describe("drift of a batch", () => {
  it("is said where the distances of many images are greater than those held out", async () => {
    const [note] = await driftNote(model, images(40, 3));
    expect(note).toMatch(/^Drift: 40 images .* than the 60 held out .* p < 0\.001, if each is of/);
  });

  it("is not said of images like those held out, of few, or where there is no distance", async () => {
    expect(await driftNote(model, images(40, 0.03))).toEqual([]);
    expect(await driftNote(model, images(10, 9))).toEqual([]);
    expect(await driftNote({}, images(40, 3))).toEqual([]);
    expect(await driftNote(model, [{ kind: "number", predicted: 1 }])).toEqual([]);
  });

  it("is not said of images that lie nearer, as those learnt from do", async () => {
    expect(await driftNote(model, images(40, -3))).toEqual([]);
  });

  it("counts a patient once", async () => {
    const groups = Int32Array.from({ length: 40 }, (_, at) => at % 4);
    expect(await driftNote(model, images(40, 3), { groups })).toEqual([]);
  });
});
