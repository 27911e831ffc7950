import { describe, expect, it } from "vitest";
import { chooseGallery } from "../../../src/tasks/classification/choose-gallery.ts";

type Judged = Parameters<typeof chooseGallery>[0];

const places = (images: readonly { at: number }[]) => images.map(({ at }) => at);

/** Images judged on in the order given: what is true of each, and the scores. */
function judged(
  target: Judged["dataset"]["target"],
  truth: readonly number[],
  scores: readonly number[],
): Judged {
  const samples = truth.map((one, at) => ({ path: `${at}.png`, name: `${at}.png`, target: one }));
  const rest = { path: "data", layout: "folders", columns: [], problems: [], notes: [] } as const;
  const none = new Uint32Array();
  return {
    dataset: { ...rest, target, samples },
    split: { train: none, validation: none, test: Uint32Array.from(truth.keys()), notes: [] },
    predictions: { scores: Float64Array.from(scores), width: scores.length / truth.length },
  };
}

const two = { kind: "classes", name: "kind", classes: ["disc", "ring"], ordered: false } as const;

describe("the images of a gallery", () => {
  const truth = [0, 0, 0, 1, 1, 1];
  const ring = [0.1, 0.2, 0.9, 0.95, 0.3, 0.45];
  const study = judged(
    two,
    truth,
    ring.flatMap((one) => [1 - one, one]),
  );

  it("are the surest mistakes, and the surest of each class in turn", () => {
    const { wrong, right } = chooseGallery(study, 4);
    expect(places(wrong)).toEqual([2, 4]);
    expect(places(right)).toEqual([0, 3]);
  });

  it("are mistakes at the threshold that was used", () => {
    const threshold = { value: 0.4, rule: "youden", chosen: {} as never };
    const { wrong, right } = chooseGallery({ ...study, calibration: { threshold, notes: [] } }, 6);
    expect(wrong).toMatchObject([
      { at: 2, predicted: 1 },
      { at: 4, predicted: 0 },
    ]);
    expect(places(right)).toEqual([0, 3, 1, 5]);
  });

  it.each([0, 1, 2, 3, 5, 6, 24])("are %i at most, as many as there are", (most) => {
    const { wrong, right } = chooseGallery(study, most);
    expect(wrong.length + right.length).toBe(Math.min(most, truth.length));
  });

  it("are the largest and smallest errors of a measurement", () => {
    const { wrong, right } = chooseGallery(
      judged({ kind: "number", name: "volume" }, [1, 2, 3, 4], [1.1, 5, 3, 2]),
      2,
    );
    expect([places(wrong), places(right)]).toEqual([[1], [2]]);
  });
});
