// The part of a report on how networks learnt: losses, figures of the validation samples and learning rate by epoch.

import type { EpochRecord } from "../../networks/index.ts";
import { type TrainingCurve, trainingCurvePlot } from "../plots/training-curve.ts";
import type { ReportFigure, Section } from "./report.ts";

/** What `train` gives back of a network. */
export interface TrainingCourse {
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were kept. */
  readonly bestEpoch?: number;
}

/** Draws the course of one network, or of several beside each other. */
export function trainingSection(courses: readonly TrainingCourse[]): Section {
  const figures = courses.length === 1 ? figuresOfOne(courses[0]) : figuresOfSeveral(courses);
  return { title: "How it learnt", blocks: [{ kind: "figures", figures }] };
}

type FigureOfEpoch = (record: EpochRecord) => number | undefined;

const trainingLoss: FigureOfEpoch = ({ loss }) => loss;
const learningRate: FigureOfEpoch = (record) => record.learningRate;
const judged =
  (name: string): FigureOfEpoch =>
  ({ validation }) =>
    validation?.[name];

function figuresOfOne({ history, bestEpoch }: TrainingCourse): ReportFigure[] {
  const figure = (valueLabel: string, curves: readonly TrainingCurve[], caption: string) =>
    draw(valueLabel, curves, { caption, bestEpoch });
  const losses = [
    { label: "Training", points: curve(history, trainingLoss) },
    { label: "Validation", points: curve(history, judged("loss")) },
  ].filter(({ points }) => points.length > 0);
  return [
    figure("Loss", losses, lossCaption(losses.length > 1)),
    ...metricNames(history).map((name) => {
      const points = curve(history, judged(name));
      const label = capitalised(name);
      return figure(label, [{ label: "Validation", points }], metricCaption(label));
    }),
    figure(
      "Learning rate",
      [{ label: "Learning rate", points: curve(history, learningRate) }],
      rateCaption,
    ),
  ];
}

/** A curve a network, since curves of training and validation of all would be too many. */
function figuresOfSeveral(courses: readonly TrainingCourse[]): ReportFigure[] {
  const figure = (valueLabel: string, figureOf: FigureOfEpoch, caption: string) => {
    const all = courses.map(({ history }, at) => ({
      label: `Network ${at + 1}`,
      points: curve(history, figureOf),
    }));
    const curves = all.filter(({ points }) => points.length > 0);
    return curves.length === 0 ? [] : [draw(valueLabel, curves, { caption })];
  };
  const names = metricNames(courses.flatMap(({ history }) => history));
  return [
    ...figure("Training loss", trainingLoss, `${lossCaption(false)} A curve a network.`),
    ...figure(
      "Validation loss",
      judged("loss"),
      "Loss of each network on the samples that it left out. Where it rises while the training loss falls, the network remembers its samples.",
    ),
    ...names.flatMap((name) =>
      figure(capitalised(name), judged(name), metricCaption(capitalised(name))),
    ),
    ...figure("Learning rate", learningRate, rateCaption),
  ];
}

function draw(
  valueLabel: string,
  curves: readonly TrainingCurve[],
  { caption, bestEpoch }: { caption: string; bestEpoch?: number },
): ReportFigure {
  const svg = trainingCurvePlot(curves, { title: valueLabel, valueLabel, bestEpoch });
  return { svg, caption };
}

/** Names of what was judged beside the loss. */
function metricNames(history: readonly EpochRecord[]): string[] {
  const names = new Set(history.flatMap(({ validation = {} }) => Object.keys(validation)));
  names.delete("loss");
  return [...names];
}

function curve(history: readonly EpochRecord[], figureOf: FigureOfEpoch): TrainingCurve["points"] {
  return history.flatMap((record) => {
    const value = figureOf(record);
    return value === undefined ? [] : [{ epoch: record.epoch, value }];
  });
}

function capitalised(name: string): string {
  return `${name[0].toUpperCase()}${name.slice(1)}`;
}

function metricCaption(label: string): string {
  return `${label} on the validation samples.`;
}

const rateCaption = "Learning rate at the end of each epoch.";

function lossCaption(isJudged: boolean): string {
  const training = "Loss by epoch, on the training samples as they were learnt from";
  if (!isJudged) return `${training}.`;
  return `${training} and on the validation samples. Where the validation loss rises while the training loss falls, the network remembers its samples.`;
}
