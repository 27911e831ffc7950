// The part of a report on how far off a regression is.

import type { RegressionJudgement } from "../../statistics/index.ts";
import { blandAltmanPlot } from "../plots/bland-altman.ts";
import { predictedVersusTruePlot } from "../plots/predicted-versus-true.ts";
import { figureTable, intervalLabel } from "./figure-table.ts";
import { namedFigures, wholePercent } from "./figure-terms.ts";
import type { Section } from "./report.ts";

export function agreementSection(
  judgement: RegressionJudgement,
  unit: string | undefined,
): Section {
  const { points, figures, level, coverage } = judgement;
  const truth = points.map((point) => point.truth);
  const predicted = points.map((point) => point.predicted);
  const shown =
    points.length < judgement.n ? ` ${points.length} of ${judgement.n} cases are drawn.` : "";
  return {
    title: "How good it is",
    blocks: [
      {
        kind: "figures",
        figures: [
          {
            svg: predictedVersusTruePlot({ truth, predicted }, { unit }),
            caption: `Predicted against true value. On the dashed line both agree.${shown}`,
          },
          {
            svg: blandAltmanPlot(
              {
                means: truth.map((value, index) => (value + predicted[index]) / 2),
                differences: truth.map((value, index) => predicted[index] - value),
                ...figures,
              },
              { unit },
            ),
            caption: `Bland–Altman plot: about ${wholePercent(coverage)} of the differences lie between the limits of agreement. Bands are ${intervalLabel(level)}s.`,
          },
        ],
      },
      figureTable("Figures on cases not learnt from", namedFigures(judgement), level),
    ],
  };
}
