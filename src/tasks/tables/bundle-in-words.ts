// What a bundle states of its model, as lines of a summary.

import type { Bundle, BundleInput, ImageDescription } from "../../study/index.ts";
import { fourDigits } from "./four-digits.ts";

/** "tumour by cnn: cnn, classes of tumour (none, glioma), trained on 2,000 images". */
export function bundleTitle({ manifest }: Bundle): string {
  const { name, learner } = manifest;
  const learnt =
    manifest.kind === "table"
      ? `trained on ${count(manifest.training.rows)} rows`
      : `trained on ${count(manifest.training.images)} images`;
  return `${name}: ${learner}, ${whatItPredicts(manifest)}, ${learnt}`;
}

type Manifest = Bundle["manifest"];

function whatItPredicts(manifest: Manifest): string {
  if (manifest.kind === "table") {
    const { target } = manifest;
    const classes = target.task === "classification" ? ` (${namesOf(target.classes)})` : "";
    return `${target.task} of ${target.name}${classes}`;
  }
  const { target } = manifest;
  switch (target.kind) {
    case "classes":
      return `classification of ${target.name} (${namesOf(target.classes)})`;
    case "labels":
      return `findings of ${target.name} (${namesOf(target.labels)})`;
    case "number":
      return `regression of ${target.name}${target.unit ? ` in ${target.unit}` : ""}`;
    default:
      return target satisfies never;
  }
}

function namesOf(classes: readonly { name: string }[]): string {
  return classes.map(({ name }) => name).join(", ");
}

/** A column of the table that a model takes: name, kind, range or categories. */
export function describeColumn(input: BundleInput): string[] {
  if (input.kind === "category")
    return [input.name, "text", input.categories.slice(0, 6).join(", ")];
  const { minimum, maximum } = input;
  return [
    input.name,
    "number",
    minimum === null || maximum === null
      ? "always missing"
      : `${fourDigits(minimum)} to ${fourDigits(maximum)}`,
  ];
}

/** How an image becomes the input, and what is said of a prediction beside it: what, how. */
export function describeImageUse({ input, target, ...stated }: ImageDescription): string[][] {
  const { size, channels, fit, intensity } = input.preparation;
  const { calibration, conformal, unusual } = stated;
  return [
    ...(input.modality ? [["modality", input.modality]] : []),
    ["size", `${size.join(" × ")}, ${channels === 1 ? "grey" : `${channels} channels`}, ${fit}`],
    ["0 and 1", intensityInWords(intensity)],
    ...thresholds(target),
    ...(calibration ? [["calibration", calibrationInWords(calibration)]] : []),
    ...(conformal ? [["sets", conformal.promise]] : []),
    ...(typeof unusual?.threshold === "number"
      ? [["unusual", `above a distance of ${fourDigits(unusual.threshold)}`]]
      : []),
  ];
}

function intensityInWords(
  intensity: ImageDescription["input"]["preparation"]["intensity"],
): string {
  const { kind } = intensity;
  if (kind === "type-range") return "the range of the file's type";
  if (kind === "stated-window") return "the window that the file states";
  const { low, high } = intensity;
  return kind === "window" ? `${low} and ${high}` : `percentiles ${low} and ${high} of the image`;
}

function calibrationInWords(calibration: NonNullable<ImageDescription["calibration"]>): string {
  return calibration.method === "temperature"
    ? `temperature ${fourDigits(calibration.temperature)}, fitted on ${calibration.n} images`
    : `Platt scaling of ${calibration.lines.length} labels`;
}

function thresholds(target: ImageDescription["target"]): string[][] {
  const line = (name: string, { value, rule }: { value: number; rule: string }) => [
    "threshold",
    `${name} from ${fourDigits(value)} on (${rule})`,
  ];
  if (target.kind === "labels") return target.labels.map((one) => line(one.name, one.threshold));
  if (target.kind === "number" || !target.threshold) return [];
  return [line(target.classes[1].name, target.threshold)];
}

/** A figure: name, value, interval, N. */
export function describeMetric({
  label,
  value,
  low,
  high,
  n,
}: Manifest["metrics"][number]): string[] {
  const interval = low === null || high === null ? "" : `${fourDigits(low)} to ${fourDigits(high)}`;
  return [label, value === null ? "undefined" : fourDigits(value), interval, String(n)];
}

function count(value: number): string {
  return value.toLocaleString("en");
}
