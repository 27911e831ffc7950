// Images judged on, each beside what the model looked at (Grad-CAM), with what is true and what was predicted.

import { elementCount, RoentgenError, type WorkOptions } from "../../base/index.ts";
import type { ImageStore } from "../../datasets/index.ts";
import { type Explainer, type ImageBatch, openExplainer } from "../../explain/index.ts";
import type { Device } from "../../onnx/index.ts";
import { conformalSets } from "../../statistics/index.ts";
import type { GallerySummary, ReportPicture } from "../../study/index.ts";
import { chooseGallery, type GalleryImage } from "./choose-gallery.ts";
import { galleryPicture } from "./gallery-picture.ts";
import type { TrainedImages } from "./train-images.ts";

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
  const { wrong, right } = chooseGallery(trained, trained.settings.gallery);
  const chosen = [...wrong, ...right];
  if (chosen.length === 0) return undefined;
  const { pictures, reading } = await drawExplained(trained, chosen, work);
  const isMeasured = trained.dataset.target.kind === "number";
  const [wrongs, rights] = isMeasured
    ? ["The largest errors", "The smallest errors"]
    : ["The surest mistakes", "Right, the surest of each class"];
  return {
    reading,
    groups: [
      { title: wrongs, pictures: pictures.slice(0, wrong.length) },
      { title: rights, pictures: pictures.slice(wrong.length) },
    ],
  };
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
  return target.kind === "number" ? "a larger value" : "the class that was predicted";
}

async function drawAll(
  trained: TrainedImages,
  chosen: readonly GalleryImage[],
  { store, explainer, signal, onProgress }: GalleryWork & { explainer?: Explainer },
): Promise<ReportPicture[]> {
  const pictures: ReportPicture[] = [];
  for (let first = 0; first < chosen.length; first += MOST_AT_ONCE) {
    const some = chosen.slice(first, first + MOST_AT_ONCE);
    const batch = readBatch(trained, store, some);
    const classes = some.map(({ predicted }) => predicted);
    const explanation = await explainer?.gradCam(batch, { classes, signal });
    for (const [image, one] of some.entries()) {
      pictures.push({ ...galleryPicture(batch, image, explanation), ...wordsOf(trained, one) });
    }
    onProgress?.({
      ...{ stage: "Drawing", done: pictures.length, total: chosen.length, unit: "images" },
    });
  }
  return pictures;
}

function readBatch(
  { split }: TrainedImages,
  store: GalleryWork["store"],
  images: readonly GalleryImage[],
): ImageBatch {
  const length = elementCount(store.shape);
  const data = new Float32Array(images.length * length);
  for (const [image, { at }] of images.entries()) {
    data.set(store.read(split.test[at]), image * length);
  }
  return { shape: [images.length, ...store.shape], data };
}

function wordsOf(
  { dataset, split, predictions, calibration }: TrainedImages,
  { at, predicted }: GalleryImage,
): Pick<ReportPicture, "title" | "lines"> {
  const { target, samples } = dataset;
  const { name, target: truth } = samples[split.test[at]];
  if (target.kind !== "classes") {
    const unit = target.kind === "number" && target.unit ? ` ${target.unit}` : "";
    const value = Number(predictions.scores[at].toPrecision(4));
    return { title: name, lines: [`true: ${truth}${unit}`, `predicted: ${value}${unit}`] };
  }
  const { classes } = target;
  const row = predictions.scores.subarray(at * classes.length, (at + 1) * classes.length);
  const conformal = calibration?.conformal;
  const [set] = conformal ? conformalSets(conformal, row, { samples: [at] }) : [];
  return {
    title: name,
    lines: [
      `true: ${classes[truth as number]}`,
      `predicted: ${classes[predicted]} (${row[predicted].toFixed(3)})`,
      ...(set ? [`set: ${set.map((one) => classes[one]).join(", ") || "none"}`] : []),
    ],
  };
}
