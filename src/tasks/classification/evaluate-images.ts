// Judges a bundled model of images on a labelled data set that it was not trained on.

import { counted, type WorkOptions } from "../../base/index.ts";
import type { ImageDataset } from "../../datasets/index.ts";
import type { Device } from "../../onnx/index.ts";
import { type Coverage, coverageFigure } from "../../statistics/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import type { JudgeSettings } from "../tables/judge.ts";
import type { Metrics } from "../tables/metrics.ts";
import { driftNote } from "./drift-note.ts";
import { type EvaluatedDatasetOptions, evaluatedDataset } from "./evaluated-dataset.ts";
import { openImageModel } from "./image-model.ts";
import type { ImagePrediction } from "./image-prediction.ts";
import { type ImagesJudgement, type JudgeImagesOptions, judgeImages } from "./judge-images.ts";
import { imageJudgementMetrics } from "./judgement-metrics.ts";
import { countKnownImages, type KnownImages, knownInWords } from "./known-images.ts";
import { patientGroups } from "./patients.ts";
import { predictPlaces } from "./predict-image-files.ts";
import { readTrainingImages } from "./training-images.ts";
import type { UnreadableImage } from "./unreadable-images.ts";

export interface ImageEvaluationOptions extends EvaluatedDatasetOptions {
  readonly level?: number;
  readonly resamples?: number;
  readonly seed?: number;
  readonly device?: Device;
}

export interface EvaluatedImages {
  readonly judgement: ImagesJudgement;
  /** How often the prediction sets held the true class. */
  readonly coverage?: Coverage;
  /** How many of the images the model learnt from, where its run folder says. */
  readonly known?: KnownImages;
  /** The figures as plain JSON, as in a run's metrics.json. */
  readonly metrics: Metrics;
  readonly unreadable: readonly UnreadableImage[];
  /** What makes the figures mean less than they seem to. */
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Predicts labelled images and judges the predictions. Of data that name a test side only that is taken. Given a run folder, it
 * looks for images that were learnt from.
 * @throws RoentgenError where model or data can't be read, or don't fit each other
 */
export async function evaluateImages(
  modelPath: string,
  { device, level = 0.95, resamples = 2000, seed = 0, ...options }: ImageEvaluationOptions,
  work: WorkOptions = {},
): Promise<EvaluatedImages> {
  const model = await openImageModel(modelPath, { threads: work.threads, device });
  try {
    const { manifest } = model.bundle;
    const { target } = manifest;
    const { dataset, rows, notes } = await evaluatedDataset(target, options, work);
    const places = rows.map((row) => dataset.samples[row]);
    const learnt = await readTrainingImages(modelPath);
    const counter = learnt && countKnownImages(learnt);
    const run = await predictPlaces(model, places, {
      ...work,
      onBatch: (batch) =>
        counter?.count(
          batch,
          batch.rows.map((row) => places[row]),
        ),
    });
    const samples = Uint32Array.from(run.rows, (at) => rows[at]);
    const settings = { level, resamples, seed, subgroups: options.subgroups ?? [] };
    const judged = { dataset, samples, predictions: run.predictions, target };
    const { metrics, ...found } = await judge(judged, settings, work);
    const known = counter?.result();
    const groups = patientGroups(dataset, samples);
    return {
      ...found,
      ...(known && { known }),
      metrics: { ...metrics, ...(known && { known }) },
      unreadable: run.failed.map(({ position, reason }) => ({
        path: places[position].path,
        reason,
      })),
      warnings: [
        ...(known ? knownInWords(known) : []),
        // Images that were learnt from lie nearer than new ones, which is no drift.
        ...(known && known.train > 0 ? [] : await driftNote(manifest, run.predictions, { groups })),
      ],
      notes: [...notes, ...unusualNote(run.predictions)],
    };
  } finally {
    await model.close();
  }
}

function unusualNote(predictions: readonly ImagePrediction[]): string[] {
  const unusual = predictions.filter((one) => one.unusual).length;
  if (unusual === 0) return [];
  const all = counted(predictions.length, "image");
  return [`${unusual} of ${all} ${unusual === 1 ? "is" : "are"} unlike the training images.`];
}

interface JudgedImages {
  readonly dataset: ImageDataset;
  readonly samples: Uint32Array;
  readonly predictions: readonly ImagePrediction[];
  readonly target: ImageDescription["target"];
}

type Settings = JudgeSettings & { subgroups: readonly string[] };

async function judge(
  judged: JudgedImages,
  settings: Settings,
  work: WorkOptions,
): Promise<Pick<EvaluatedImages, "judgement" | "coverage" | "metrics">> {
  const { dataset, samples, predictions, target } = judged;
  const scores = Float64Array.from(predictions.flatMap(scoresOf));
  const options = { ...settings, ...thresholdsOf(target) };
  const judgement = await judgeImages(dataset, { samples, scores }, options, work);
  const coverage = coverageOf(judged, settings);
  const metrics = { ...imageJudgementMetrics(judgement), ...(coverage && { coverage }) };
  return { judgement, ...(coverage && { coverage }), metrics };
}

/** From which probabilities on the model says that something is there. */
function thresholdsOf(
  target: ImageDescription["target"],
): Pick<JudgeImagesOptions, "threshold" | "thresholds"> {
  switch (target.kind) {
    case "classes":
      return target.threshold ? { threshold: target.threshold.value } : {};
    case "labels":
      return { thresholds: target.labels.map(({ threshold }) => threshold.value) };
    case "number":
      return {};
    default:
      return target satisfies never;
  }
}

function scoresOf(prediction: ImagePrediction): readonly number[] {
  return prediction.kind === "number" ? [prediction.predicted] : prediction.probabilities;
}

function coverageOf(
  { dataset, samples, predictions, target }: JudgedImages,
  { level }: Settings,
): Coverage | undefined {
  if (target.kind !== "classes") return undefined;
  const classes = target.classes.map(({ name }) => name);
  const sets = predictions.map((one) => (one.kind === "classes" ? one.set : undefined));
  if (sets.includes(undefined)) return undefined;
  const numbers = sets.map((set) => (set ?? []).map((name) => classes.indexOf(name)));
  const labels = Int32Array.from(samples, (row) => dataset.samples[row].target as number);
  return coverageFigure(numbers, labels, {
    classes,
    groups: patientGroups(dataset, samples),
    level,
  });
}
