// Images judged on, each beside what the model looked at (Grad-CAM), with what is true and what was predicted.

import { RoentgenError, type WorkOptions } from "../../base/index.ts";
import type { ImageStore } from "../../datasets/index.ts";
import { type Explainer, openExplainer } from "../../explain/index.ts";
import type { Device } from "../../onnx/index.ts";
import { conformalSets } from "../../statistics/index.ts";
import type { GallerySummary, ReportPicture } from "../../study/index.ts";
import { chooseFindings } from "./choose-findings.ts";
import { chooseGallery, type GalleryImage } from "./choose-gallery.ts";
import { explainerClasses } from "./explained-score.ts";
import { NEAREST_READING, withNearest } from "./gallery-nearest.ts";
import { galleryPicture } from "./gallery-picture.ts";
import { storedBatch } from "./stored-batch.ts";
import type { TrainedImages } from "./train-images.ts";
import { truthInWords } from "./training-images.ts";

/** Images that are explained at once. */
const MOST_AT_ONCE = 8;

interface GalleryWork extends WorkOptions {
  device?: Device;
  store: Pick<ImageStore, "read" | "shape">;
}

/** The pictures of a report; nothing where none are asked for. */
export async function drawGallery(
  trained: TrainedImages,
  work: GalleryWork,
): Promise<GallerySummary | undefined> {
  if (trained.dataset.target.kind === "labels") {
    return findingGallery(trained, trained.dataset.target.labels, work);
  }
  const { wrong, right } = chooseGallery(trained, trained.settings.gallery);
  const chosen = [...wrong, ...right];
  if (chosen.length === 0) return undefined;
  const { pictures, reading } = await drawExplained(trained, chosen, work);
  const mistakes = pictures.slice(0, wrong.length);
  const near = withNearest(trained, wrong, mistakes, work.store);
  const isMeasured = trained.dataset.target.kind === "number";
  const [wrongs, rights] = isMeasured
    ? ["The largest errors", "The smallest errors"]
    : ["The surest mistakes", "Right, the surest of each class"];
  return {
    reading: near ? `${reading} ${NEAREST_READING}` : reading,
    groups: [
      { title: wrongs, pictures: near ?? mistakes },
      { title: rights, pictures: pictures.slice(wrong.length) },
    ],
  };
}

/** Of each finding its own images, each with what spoke for that finding. */
async function findingGallery(
  trained: TrainedImages,
  labels: readonly string[],
  work: GalleryWork,
): Promise<GallerySummary | undefined> {
  const lists = chooseFindings(trained, trained.settings.gallery).flatMap(
    ({ label, falselyFound, missed, found }) => [
      {
        title: `${labels[label]}, found though it is not there`,
        images: falselyFound,
        areWrong: true,
      },
      { title: `${labels[label]}, missed`, images: missed, areWrong: true },
      { title: `${labels[label]}, rightly found`, images: found, areWrong: false },
    ],
  );
  const chosen = lists.flatMap(({ images }) => images);
  if (chosen.length === 0) return undefined;
  const { pictures, reading } = await drawExplained(trained, chosen, work);
  const near = withNearest(trained, chosen, pictures, work.store);
  let next = 0;
  const groups = lists.map(({ title, images, areWrong }) => {
    const own = (areWrong && near ? near : pictures).slice(next, next + images.length);
    next += images.length;
    return { title, pictures: own };
  });
  return { reading: near ? `${reading} ${NEAREST_READING}` : reading, groups };
}

interface Drawn {
  readonly pictures: readonly ReportPicture[];
  readonly reading: string;
}

/** Some models have no maps that evidence could be seen in: their images are shown alone, and that is said. */
async function drawExplained(
  trained: TrainedImages,
  chosen: readonly GalleryImage[],
  work: GalleryWork,
): Promise<Drawn> {
  const { model, tensors } = trained.deployed;
  const { device, threads } = work;
  const batchSize = Math.min(MOST_AT_ONCE, chosen.length);
  const options = { output: tensors.scores, batchSize, device, threads };
  let explainer: Explainer | undefined;
  try {
    explainer = await openExplainer(model, options);
    const reading = `Each image as the network got it, and beside it what spoke for ${evidenceOf(trained)}: the stronger the colour, the more (Grad-CAM). Colours show what the network used, not where a disease is.`;
    return { pictures: await drawAll(trained, chosen, { ...work, explainer }), reading };
  } catch (cause) {
    if (!(cause instanceof RoentgenError) || cause.code === "cancelled") throw cause;
    const reading = `Images as the network got them. What it looked at can't be shown: ${cause.message}`;
    return { pictures: await drawAll(trained, chosen, work), reading };
  } finally {
    await explainer?.close();
  }
}

function evidenceOf({ dataset: { target } }: TrainedImages): string {
  switch (target.kind) {
    case "classes":
      return "the class that was predicted";
    case "labels":
      return "the finding in question";
    case "number":
      return "a larger value";
    default:
      return target satisfies never;
  }
}

async function drawAll(
  trained: TrainedImages,
  chosen: readonly GalleryImage[],
  { store, explainer, signal, onProgress }: GalleryWork & { explainer?: Explainer },
): Promise<ReportPicture[]> {
  const pictures: ReportPicture[] = [];
  for (let first = 0; first < chosen.length; first += MOST_AT_ONCE) {
    const some = chosen.slice(first, first + MOST_AT_ONCE);
    const rows = some.map(({ at }) => trained.split.test[at]);
    const batch = storedBatch(store, rows);
    const scores = some.map(({ predicted }) => predicted);
    const explanation = await explainer?.gradCam(batch, {
      classes: explainerClasses(explainer, scores, trained.predictions.width),
      signal,
    });
    for (const [image, one] of some.entries()) {
      pictures.push({ ...galleryPicture(batch, image, explanation), ...wordsOf(trained, one) });
    }
    onProgress?.({
      ...{ stage: "Drawing", done: pictures.length, total: chosen.length, unit: "images" },
    });
  }
  return pictures;
}

function wordsOf(
  { dataset, split, predictions, calibration }: TrainedImages,
  { at, predicted }: GalleryImage,
): Pick<ReportPicture, "title" | "lines"> {
  const { target, samples } = dataset;
  const { name, target: truth } = samples[split.test[at]];
  if (target.kind === "labels") {
    const words = { 1: "there", 0: "not there" } as const;
    const known = (truth as readonly number[])[predicted] as 0 | 1;
    const probability = predictions.scores[at * target.labels.length + predicted];
    const from = calibration?.labels?.[predicted].threshold.value ?? 0.5;
    return {
      title: name,
      lines: [
        `${target.labels[predicted]}: ${words[known]}`,
        `probability ${probability.toFixed(3)}, found from ${from.toFixed(3)} on`,
      ],
    };
  }
  if (target.kind === "number") {
    const unit = target.unit ? ` ${target.unit}` : "";
    const value = Number(predictions.scores[at].toPrecision(4));
    return {
      title: name,
      lines: [`true: ${truthInWords(target, truth)}`, `predicted: ${value}${unit}`],
    };
  }
  const { classes } = target;
  const row = predictions.scores.subarray(at * classes.length, (at + 1) * classes.length);
  const conformal = calibration?.conformal;
  const [set] = conformal ? conformalSets(conformal, row, { samples: [at] }) : [];
  return {
    title: name,
    lines: [
      `true: ${truthInWords(target, truth)}`,
      `predicted: ${classes[predicted]} (${row[predicted].toFixed(3)})`,
      ...(set ? [`set: ${set.map((one) => classes[one]).join(", ") || "none"}`] : []),
    ],
  };
}
