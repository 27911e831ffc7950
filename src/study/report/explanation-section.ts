// The part of a report on what the model goes by.

import { counted } from "../../base/index.ts";
import { importancePlot } from "../plots/importance.ts";
import { shapleyPlot } from "../plots/shapley.ts";
import type { Block, Section } from "./report.ts";
import type { TableStudy } from "./table-study.ts";

const CAUTION =
  "These figures say what the model uses, not what causes the outcome. Of two features that go together, either may get the credit.";

export function explanationSection({
  permutation,
  impurity,
  shapley,
}: TableStudy): Section | undefined {
  const blocks: Block[] = [];
  if (permutation) {
    const { score, repeats, features } = permutation;
    const axisLabel = `Loss of ${score} when the feature is shuffled`;
    blocks.push(
      figure(
        importancePlot(features, { title: "Permutation importance", axisLabel }),
        `Permutation importance on rows not learnt from: how much ${score} is lost when a feature is shuffled among them, mean of ${counted(repeats, "shuffle")} with its 95 % interval. A feature whose whisker reaches 0 may not matter.`,
      ),
    );
  }
  if (shapley) {
    const axisLabel = `Change of the ${shapley.of}`;
    blocks.push(
      figure(
        shapleyPlot(shapley.features, { axisLabel }),
        `Shapley values of ${counted(shapley.rows, "row")}: each dot is a case, its place how far the feature moved the ${shapley.of} for it, its colour how high the feature was. Features with the largest mean effect come first.`,
      ),
    );
  }
  if (impurity) {
    const svg = importancePlot(impurity, {
      title: "Impurity importance",
      axisLabel: "Share of the reduction of impurity",
    });
    blocks.push({
      kind: "details",
      summary: "Impurity importance",
      blocks: [
        figure(
          svg,
          "How much each feature cleared up while the trees were grown. It favours features with many distinct values and says nothing about new data; trust the permutation importance more.",
        ),
      ],
    });
  }
  if (blocks.length === 0) return undefined;
  return { title: "What the model goes by", blocks: [{ kind: "prose", text: CAUTION }, ...blocks] };
}

function figure(svg: string, caption: string): Block {
  return { kind: "figures", figures: [{ svg, caption }] };
}
