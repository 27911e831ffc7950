// The mean over findings of the area under the ROC curve, on the validation images as training goes on.

import type { Metric } from "../../networks/index.ts";
import { rocAuc } from "../../statistics/index.ts";

/** Of findings that are there in some images and known not to be in others; NaN where there is no such finding. */
export function meanRocAuc(): Metric {
  return {
    name: "mean ROC AUC",
    better: "larger",
    begin() {
      const columns: { positive: number[]; scores: number[] }[] = [];
      return {
        add({ outputs, targets, weights }) {
          const count = targets.length / weights.length;
          for (let at = 0; at < targets.length; at++) {
            if (weights[Math.floor(at / count)] === 0 || Number.isNaN(targets[at])) continue;
            columns[at % count] ??= { positive: [], scores: [] };
            columns[at % count].positive.push(targets[at]);
            columns[at % count].scores.push(outputs[at]);
          }
        },
        value() {
          const areas = columns
            .filter((column) => column !== undefined)
            .map(({ positive, scores }) => rocAuc(positive, scores))
            .filter((area) => !Number.isNaN(area));
          return areas.reduce((sum, area) => sum + area, 0) / areas.length;
        },
      };
    },
  };
}
