// A training on the screen: a line that counts the steps of the epoch, the curves so far above it, and a line an epoch that stays.

import { type EpochRecord, type StepRecord, trainingPlot } from "../networks/index.ts";
import { describeProgress, liveView, note } from "./terminal.ts";

export interface TrainingDisplayOptions {
  epochs: number;
  stepsPerEpoch: number;
  /** Those of an earlier run that goes on. */
  history?: readonly EpochRecord[];
  /** Of several networks that are trained one after another. */
  place?: { readonly number: number; readonly of: number };
}

/** Takes what `train` reports. Where the output is no terminal there is a plain line every few seconds, and no curves. */
export function trainingDisplay({
  epochs,
  stepsPerEpoch,
  history = [],
  place,
}: TrainingDisplayOptions): {
  onStep(record: StepRecord): void;
  onEpoch(record: EpochRecord): void;
} {
  const view = liveView();
  let records = history;
  let epoch = startOfEpoch();
  const network = place && place.of > 1 ? `Network ${place.number} of ${place.of}, epoch` : "Epoch";
  return {
    onStep(record) {
      epoch.steps += 1;
      epoch.lossSum += record.loss;
      const done = record.step - (record.epoch - 1) * stepsPerEpoch;
      const step = { stage: `${network} ${record.epoch}/${epochs}`, done, total: stepsPerEpoch };
      view(() => {
        const seconds = (performance.now() - epoch.started) / 1000;
        const loss = figure(epoch.lossSum / epoch.steps);
        return {
          picture: trainingPlot(records, { width: (process.stderr.columns ?? 80) - 1 }),
          line: `${describeProgress({ ...step, unit: "steps" }, seconds)}, loss ${loss}`,
        };
      });
    },
    onEpoch(record) {
      records = [...records, record];
      note(`${network} ${record.epoch}/${epochs}: ${figuresOf(record)}`);
      epoch = startOfEpoch();
    },
  };
}

/** What the line of an epoch shows: the mean loss of the steps that were seen of it. */
function startOfEpoch() {
  return { started: performance.now(), steps: 0, lossSum: 0 };
}

function figuresOf({ loss, validation = {} }: EpochRecord): string {
  const { loss: judged, ...others } = validation;
  return [
    `loss ${figure(loss)}`,
    ...(judged === undefined ? [] : [`validation loss ${figure(judged)}`]),
    ...Object.entries(others).map(([name, value]) => `${name} ${figure(value)}`),
  ].join(", ");
}

function figure(value: number): string {
  return value.toPrecision(3);
}
