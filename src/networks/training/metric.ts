// Figures of the validation samples while training goes on.

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

/** Share of samples whose class is right: the largest of several probabilities, or one at 0.5. */
export function accuracy(): Metric {
  return {
    name: "accuracy",
    better: "larger",
    begin() {
      let right = 0;
      let count = 0;
      return {
        add(predicted) {
          const size = predicted.shape.reduce((product, length) => product * length, 1);
          for (const [sample, weight] of predicted.weights.entries()) {
            if (weight === 0) continue;
            count += 1;
            const scores = predicted.outputs.subarray(sample * size, (sample + 1) * size);
            const label =
              size === 1 ? Number(scores[0] > 0.5) : scores.indexOf(Math.max(...scores));
            if (label === predicted.targets[sample]) right += 1;
          }
        },
        value: () => right / count,
      };
    },
  };
}
