// The part of a report on how a network learnt: losses, figures of the validation samples and learning rate by epoch.

import type { EpochRecord } from "../../networks/index.ts";
import { type TrainingCurve, trainingCurvePlot } from "../plots/training-curve.ts";
import type { ReportFigure, Section } from "./report.ts";

/** Draws what `train` gives back as its history. */
export function trainingSection(
  history: readonly EpochRecord[],
  { bestEpoch }: { bestEpoch?: number } = {},
): Section {
  const draw = (valueLabel: string, curves: readonly TrainingCurve[], caption: string) => ({
    svg: trainingCurvePlot(curves, { title: valueLabel, valueLabel, bestEpoch }),
    caption,
  });
  const losses = [
    { label: "Training", points: curve(history, ({ loss }) => loss) },
    { label: "Validation", points: curve(history, ({ validation }) => validation?.loss) },
  ].filter(({ points }) => points.length > 0);
  const names = new Set(history.flatMap(({ validation = {} }) => Object.keys(validation)));
  names.delete("loss");
  const figures: ReportFigure[] = [
    draw("Loss", losses, lossCaption(losses.length > 1)),
    ...[...names].map((name) => {
      const points = curve(history, ({ validation }) => validation?.[name]);
      const label = `${name[0].toUpperCase()}${name.slice(1)}`;
      return draw(label, [{ label: "Validation", points }], `${label} on the validation samples.`);
    }),
    draw(
      "Learning rate",
      [{ label: "Learning rate", points: curve(history, ({ learningRate }) => learningRate) }],
      "Learning rate at the end of each epoch.",
    ),
  ];
  return { title: "How it learnt", blocks: [{ kind: "figures", figures }] };
}

function curve(
  history: readonly EpochRecord[],
  figureOf: (record: EpochRecord) => number | undefined,
): TrainingCurve["points"] {
  return history.flatMap((record) => {
    const value = figureOf(record);
    return value === undefined ? [] : [{ epoch: record.epoch, value }];
  });
}

function lossCaption(isJudged: boolean): string {
  const training = "Loss by epoch, on the training samples as they were learnt from";
  if (!isJudged) return `${training}.`;
  return `${training} and on the validation samples. Where the validation loss rises while the training loss falls, the network remembers its samples.`;
}
