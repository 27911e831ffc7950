// Explains what a bundled model makes of image files: a picture of each with the evidence over it, and a listing.

import { writeFileWhole } from "#files";
import { RoentgenError, type Table, throwIfCancelled, type WorkOptions } from "../../base/index.ts";
import {
  type ColourMap,
  type Explainer,
  type Explanation,
  type ImageBatch,
  openExplainer,
  type RandomisationCheck,
  randomisationCheck,
} from "../../explain/index.ts";
import { type Device, decodeModel } from "../../onnx/index.ts";
import type { ImageBundle } from "../../study/index.ts";
import { csvText } from "../tables/csv-text.ts";
import { type ExplainedImage, explanationTable } from "./explained-image.ts";
import { explainerClasses, predictedScore } from "./explained-score.ts";
import { type ExplanationWay, explainBatch } from "./explanation-way.ts";
import { findImages } from "./find-images.ts";
import { batchSize, type ImageModel, openImageModel } from "./image-model.ts";
import { type NearestFinder, openNearest } from "./nearest-training-images.ts";
import { overlayFiles, overlayPng } from "./overlay-file.ts";
import { readable, readableAnswer } from "./prediction-table.ts";
import { type PreparedBatch, preparedBatches } from "./prepared-batches.ts";
import { scoreNames } from "./score-names.ts";
import { noneReadable, type UnreadableImage } from "./unreadable-images.ts";

export interface ExplainImagesOptions extends WorkOptions {
  /** The folder for the pictures. */
  out: string;
  /** By default "grad-cam". */
  way?: ExplanationWay;
  /** Name of the class or label to explain; by default what is predicted of each image. */
  explained?: string;
  colours?: ColourMap;
  /** How much of the colour is seen where the evidence is largest, 0 … 1. */
  opacity?: number;
  /** How many of the nearest images learnt from are named, where the model is a run; by default none. */
  nearest?: number;
  /** Checks on the first images that the maps hang on what was learnt. */
  check?: boolean;
  device?: Device;
  force?: boolean;
}

export interface ExplainedImageFiles {
  readonly images: readonly ExplainedImage[];
  readonly table: Table;
  /** The table as CSV text. */
  csv(): string;
  readonly unreadable: readonly UnreadableImage[];
  readonly check?: RandomisationCheck;
}

/** Images that the check looks at; more would take long and say little more. */
const CHECKED = 16;

/** Images that are explained at once: slopes take more memory than predictions. */
const MOST_AT_ONCE = 8;

/**
 * Explains images: files of any format, DICOM series, folders. Images go through the model batch by batch, so that memory does
 * not grow with their number.
 * @throws RoentgenError where the model can't be read or has no such class, where there is no image, or none can be read
 */
export async function explainImageFiles(
  modelPath: string,
  given: readonly string[],
  options: ExplainImagesOptions,
): Promise<ExplainedImageFiles> {
  const model = await openImageModel(modelPath, options);
  try {
    const names = explainedNames(model.bundle, options.explained);
    const { size } = model.bundle.manifest.input.preparation;
    const { paths } = await findImages(given, { axes: size.length });
    const run = { modelPath, model, options, names, paths };
    const { images, unreadable, first } = await explainPaths(run);
    const table = explanationTable(images);
    const check = options.check ? await checkMaps(run, first) : undefined;
    return { images, table, csv: () => csvText(table), unreadable, ...(check && { check }) };
  } finally {
    await model.close();
  }
}

interface Run {
  readonly modelPath: string;
  readonly model: ImageModel;
  readonly options: ExplainImagesOptions;
  readonly names: ExplainedNames;
  readonly paths: readonly string[];
}

interface ExplainedPaths {
  readonly images: ExplainedImage[];
  readonly unreadable: UnreadableImage[];
  /** The first prepared images. */
  readonly first: Float32Array[];
}

async function explainPaths(run: Run): Promise<ExplainedPaths> {
  const { paths, model, options } = run;
  const { out, force = false, threads, signal, onProgress } = options;
  const explained: ExplainedPaths = { images: [], unreadable: [], first: [] };
  const { images, unreadable, first } = explained;
  const fileOf = await overlayFiles(out, paths, { force });
  const count = options.nearest ?? 0;
  const nearestTo = count > 0 ? await openNearest(run.modelPath, model, { count }) : undefined;
  const explainer = await openExplainer(decodeModel(model.bundle.model), explainerOptions(run));
  const places = paths.map((path) => ({ path }));
  const loading = { batchSize: explainerOptions(run).batchSize, threads, signal };
  try {
    for await (const batch of preparedBatches(places, model.bundle.manifest.input, loading)) {
      if (batch.rows.length > 0) {
        images.push(...(await explainPrepared(batch, { ...run, explainer, fileOf, nearestTo })));
      }
      for (const { position, reason } of batch.failed) {
        unreadable.push({ path: paths[position], reason });
      }
      if (first.length < CHECKED) first.push(...rowsOf(batch).slice(0, CHECKED - first.length));
      const done = images.length + unreadable.length;
      onProgress?.({ stage: "Explaining", done, total: paths.length, unit: "images" });
    }
  } finally {
    await explainer.close();
  }
  throwIfCancelled(signal, "Explaining");
  if (images.length === 0) throw noneReadable(unreadable);
  return explained;
}

function explainerOptions({ model: { bundle }, options: { device, threads }, paths }: Run) {
  return {
    output: bundle.manifest.tensors.scores,
    batchSize: Math.min(batchSize(bundle), MOST_AT_ONCE, paths.length),
    ...{ device, threads },
  };
}

/** Names of what the model scores, and which of them is explained where the caller names one. */
interface ExplainedNames {
  readonly all: readonly string[];
  readonly asked?: number;
}

function explainedNames({ manifest }: ImageBundle, asked: string | undefined): ExplainedNames {
  const all = scoreNames(manifest.target);
  if (asked === undefined) return { all };
  const at = all.indexOf(asked);
  if (at >= 0) return { all, asked: at };
  throw new RoentgenError("bad-option", {
    problem: "Cannot explain a class that the model has not",
    expected: `one of ${all.map((name) => `"${name}"`).join(", ")}`,
    found: `"${asked}"`,
    subject: "class",
  });
}

interface BatchRun extends Run {
  readonly explainer: Explainer;
  readonly fileOf: ReadonlyMap<string, string>;
  readonly nearestTo?: NearestFinder;
}

async function explainPrepared(
  { pixels, rows }: PreparedBatch,
  { model, options, names, paths, explainer, fileOf, nearestTo }: BatchRun,
): Promise<ExplainedImage[]> {
  const { way = "grad-cam", colours, opacity, signal } = options;
  const predictions = await model.predictPrepared(pixels);
  const explained = predictions.map((one) => names.asked ?? predictedScore(one, names.all));
  const batch: ImageBatch = { shape: [rows.length, ...explainer.imageShape], data: pixels };
  const classes = explainerClasses(explainer, explained, names.all.length);
  const explanation = await explainBatch(explainer, batch, { way, classes, signal });
  const nearest = await nearestTo?.(pixels);
  const images: ExplainedImage[] = [];
  for (const [at, row] of rows.entries()) {
    const path = paths[row];
    const file = fileOf.get(path) as string;
    const place = placeOf(explanation, at);
    const drawing = { image: at, slice: place.slice ?? undefined, colours, opacity };
    await writeFileWhole(file, overlayPng(explanation, batch, drawing));
    const prediction = predictions[at];
    images.push({
      ...{ path, predicted: readableAnswer(prediction), explained: names.all[explained[at]] },
      probability:
        "probabilities" in prediction ? readable(prediction.probabilities[explained[at]]) : null,
      ...place,
      overlay: file,
      ...(nearest && { nearest: nearest[at] }),
    });
  }
  return images;
}

type Place = Pick<ExplainedImage, "evidence" | "x" | "y" | "slice">;

/** Where the evidence is largest. */
function placeOf({ shape, maps, maxima }: Explanation, image: number): Place {
  const [height, width] = shape.slice(-2);
  const isVolume = shape.length === 4;
  const evidence = Number(maxima[image].toPrecision(7));
  if (evidence === 0) return { evidence, x: null, y: null, ...(isVolume && { slice: null }) };
  const places = maps.length / shape[0];
  const at = maps.subarray(image * places, (image + 1) * places).indexOf(1);
  const [x, y] = [at % width, Math.floor(at / width) % height];
  return { evidence, x, y, ...(isVolume && { slice: Math.floor(at / (width * height)) }) };
}

function rowsOf({ pixels, rows }: PreparedBatch): Float32Array[] {
  const length = pixels.length / rows.length;
  return rows.map((_, at) => pixels.slice(at * length, (at + 1) * length));
}

function checkMaps(run: Run, first: readonly Float32Array[]): Promise<RandomisationCheck> {
  const { bundle } = run.model;
  const { way = "grad-cam", signal, onProgress } = run.options;
  const { channels, size } = bundle.manifest.input.preparation;
  const data = new Float32Array(first.length * first[0].length);
  for (const [at, image] of first.entries()) data.set(image, at * image.length);
  const images = { shape: [first.length, channels, ...size], data };
  return randomisationCheck(decodeModel(bundle.model), images, {
    ...{ ...explainerOptions(run), signal, onProgress },
    explain: (explainer, inputs, { classes: predicted }) => {
      const { asked, all } = run.names;
      const named = asked !== undefined && first.map(() => asked);
      const classes = named ? explainerClasses(explainer, named, all.length) : predicted;
      return explainBatch(explainer, inputs, { way, classes, signal });
    },
  });
}
