// How the images of a data set are best prepared, from a look at some of them.

import {
  checkParameters,
  counted,
  integer,
  type OptionsOf,
  parameters,
  RoentgenError,
  type WorkOptions,
} from "../../../base/index.ts";
import type { DatasetProblem, ImageDataset, ImagePreparation } from "../image-dataset.ts";
import { lookAtImages, type SeenImage } from "./look-at-images.ts";
import { proposeSize } from "./propose-size.ts";

export const preparationPlanParameters = parameters({
  /** Images that are looked at. */
  look: integer({ min: 1 }).default(64),
  /** Largest side of a proposed size; by default 224 of images, 64 of volumes. */
  mostSide: integer({ min: 8 }).optional(),
  seed: integer({ min: 0 }).default(0),
});

export type PreparationPlanOptions = OptionsOf<typeof preparationPlanParameters> &
  Pick<WorkOptions, "signal">;

export interface PreparationPlan {
  readonly preparation: ImagePreparation;
  /** Median [height, width] or [depth, height, width] of the images that were looked at. */
  readonly typicalSize: readonly number[];
  readonly seen: readonly SeenImage[];
  /** Mixed channels and mixed sizes. */
  readonly problems: readonly DatasetProblem[];
  /** What is proposed and why, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Proposes a preparation:
 * - three axes where most images are volumes of at least eight slices, else two;
 * - one channel where at least nine of ten images are grey, even if coded as colour, else three;
 * - the type's range where all are of 8 bits; −1000 to 1000 HU of CT; the window that most DICOM files state; else the
 *   percentiles 0.5 and 99.5 of each image;
 * - the common size where there is one that is small enough, else a square (a cube) of the median size within `mostSide`;
 * - proportions kept by padding where they differ between images by more than a tenth, else stretched.
 * @throws RoentgenError "file-unreadable" where none of the images can be read
 */
export async function planPreparation(
  dataset: ImageDataset,
  { signal, ...options }: PreparationPlanOptions = {},
): Promise<PreparationPlan> {
  const { look, seed, mostSide } = checkParameters(
    preparationPlanParameters,
    options,
    "plan of a preparation",
  );
  const seen = await lookAtImages(dataset.samples, { most: look, seed, ...(signal && { signal }) });
  if (seen.length === 0) throw nothingSeen(dataset);
  const solid = shareOf(seen, ({ size }) => size[2] >= 8) > 0.5;
  const { size, fit, typicalSize } = proposeSize(seen, {
    solid,
    mostSide: mostSide ?? (solid ? 64 : 224),
  });
  const intensity = proposeIntensity(seen);
  const channels = shareOf(seen, ({ colours }) => colours !== "colour") >= 0.9 ? 1 : 3;
  const preparation = { size, channels, fit, intensity };
  return {
    preparation,
    typicalSize,
    seen,
    problems: [...mixedChannels(dataset, seen), ...mixedSizes(dataset, seen)],
    notes: notesOf(preparation, seen),
  };
}

/** A full CT scale without metal; what is finer is the recipe's or the user's to say. */
const CT_RANGE = { kind: "window", low: -1000, high: 1000 } as const;

function proposeIntensity(seen: readonly SeenImage[]): ImagePreparation["intensity"] {
  if (seen.every(({ type }) => type === "uint8")) return { kind: "type-range" };
  if (shareOf(seen, ({ unit }) => unit === "HU") > 0.9) return CT_RANGE;
  if (shareOf(seen, ({ statesWindow }) => statesWindow) > 0.5) return { kind: "stated-window" };
  return { kind: "percentiles", low: 0.5, high: 99.5 };
}

function shareOf(seen: readonly SeenImage[], is: (one: SeenImage) => boolean): number {
  return seen.filter(is).length / seen.length;
}

/** Grey coded as colour is grey: only true colour beside it is odd. */
function mixedChannels({ samples }: ImageDataset, seen: readonly SeenImage[]): DatasetProblem[] {
  const counts = new Map<string, number>();
  for (const { colours } of seen) counts.set(colours, (counts.get(colours) ?? 0) + 1);
  if (counts.size < 2 || !counts.has("colour")) return [];
  const rarest = [...counts].sort((a, b) => a[1] - b[1])[0][0];
  const shown = [...counts].map(([colours, count]) => `${count} ${colours}`).join(", ");
  const few = seen
    .filter(({ colours }) => colours === rarest)
    .map(({ sample }) => samples[sample].name);
  const message = `Of ${counted(seen.length, "image")} looked at, ${shown}.`;
  return [{ kind: "mixed-channels", message, subjects: few, count: few.length }];
}

function mixedSizes({ samples }: ImageDataset, seen: readonly SeenImage[]): DatasetProblem[] {
  const inWords = ({ size, planes }: SeenImage) => size.slice(0, planes > 1 ? 3 : 2).join(" × ");
  const sizes = new Map(seen.map((one) => [inWords(one), one]));
  if (sizes.size < 2) return [];
  const area = ({ size }: SeenImage) => size[0] * size[1] * size[2];
  const ascending = [...sizes.values()].sort((a, b) => area(a) - area(b));
  const [least, most] = [ascending[0], ascending.at(-1) as SeenImage];
  const message = `Of ${counted(seen.length, "image")} looked at, ${sizes.size} sizes, from ${inWords(least)} to ${inWords(most)}.`;
  const subjects = [least, most].map(({ sample }) => samples[sample].name);
  return [{ kind: "mixed-sizes", message, subjects, count: sizes.size }];
}

function notesOf(
  { size, channels, fit, intensity }: ImagePreparation,
  seen: readonly SeenImage[],
): string[] {
  const coded = seen.filter(({ colours }) => colours === "grey as colour").length;
  const films = seen.filter(({ planes }) => planes > 1).length;
  const brought =
    fit === "pad" ? "keeping their proportions by padding" : "stretched where they differ";
  const ranges = {
    "type-range": "the range of their type",
    "stated-window": "the window that each file states",
    window: "a fixed window",
    percentiles: "percentiles of each image",
  };
  return [
    `Images are brought to one size, ${brought}, with ${counted(channels, "channel")}; 0 to 1 is ${ranges[intensity.kind]}.`,
    ...(films > 0 && size.length === 2
      ? [
          `${films} of ${counted(seen.length, "image")} looked at have several slices or frames, of which the middle one is taken.`,
        ]
      : []),
    ...(coded > 0 && channels === 1
      ? [
          `${coded} of ${counted(seen.length, "image")} looked at are grey coded as colour, and become grey (Rec. 601).`,
        ]
      : []),
  ];
}

function nothingSeen({ path, samples }: ImageDataset): RoentgenError {
  return new RoentgenError("file-unreadable", {
    problem: `None of the images of ${path} that were looked at can be read`,
    found: samples[0]?.name ?? "no images",
    remedy: "`roentgen inspect` of one of them says why.",
    subject: path,
  });
}
