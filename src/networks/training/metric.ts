// Figures of the validation samples while training goes on.

import { RoentgenError } from "../../base/index.ts";

/** What has been predicted for a batch. */
export interface Predicted {
  /** As the network gives it, sample by sample: probabilities, numbers. */
  readonly outputs: Float32Array;
  readonly targets: Float32Array | Int32Array;
  /** 0 for samples that only fill up the batch. */
  readonly weights: Float32Array;
  /** Lengths of one sample's output. */
  readonly shape: readonly number[];
}

/** A figure that is gathered batch by batch. */
export interface Metric {
  readonly name: string;
  readonly better: "larger" | "smaller";
  /** Starts to gather. */
  begin(): { add(predicted: Predicted): void; value(): number };
}

/**
 * Share of what is classified right: with a target for each output those on its side of 0.5, else positions (one a sample, or
 * every voxel) whose class has the largest of the outputs [classes, size…]. Samples of weight 0 do not count, others count once.
 */
export function accuracy(): Metric {
  return {
    name: "accuracy",
    better: "larger",
    begin() {
      let right = 0;
      let count = 0;
      return {
        add(predicted) {
          const { weights, targets } = predicted;
          const places = targets.length / weights.length;
          const labelOf = labelling(predicted, places);
          for (let at = 0; at < targets.length; at++) {
            if (weights[Math.floor(at / places)] === 0) continue;
            count += 1;
            if (labelOf(at) === targets[at]) right += 1;
          }
        },
        value: () => right / count,
      };
    },
  };
}

/** The class of the place of a target, by its number in the batch. */
function labelling({ outputs, shape }: Predicted, places: number): (at: number) => number {
  const size = shape.reduce((product, length) => product * length, 1);
  if (places === size) return (at) => Number(outputs[at] > 0.5);
  const classes = size / places;
  if (shape[0] !== classes) {
    throw new RoentgenError("shape-mismatch", {
      problem: "Accuracy can't compare outputs with targets",
      expected: "a target for each output, or one for each position of [classes, size…]",
      found: `outputs of shape [${shape.join(", ")}] and ${places} targets a sample`,
    });
  }
  return (at) => {
    const start = Math.floor(at / places) * size + (at % places);
    let best = 0;
    for (let label = 1; label < classes; label++) {
      if (outputs[start + label * places] > outputs[start + best * places]) best = label;
    }
    return best;
  };
}
