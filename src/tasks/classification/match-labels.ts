// A labelled data set in the words of a model: the same classes or findings, told by their names, in the model's order.

import { RoentgenError } from "../../base/index.ts";
import type { ImageDataset, ImageSample, ImageTarget } from "../../datasets/index.ts";
import type { ImageDescription } from "../../study/index.ts";
import { scoreNames } from "./score-names.ts";

/**
 * The data set with the model's target. A class that the model has and the data lack stays without images; a finding that the
 * data say nothing of is unknown.
 * @throws RoentgenError "type-mismatch" where the two are of different kinds, "value-invalid" for classes that the model does
 *   not know
 */
export function matchLabels(
  dataset: ImageDataset,
  model: ImageDescription["target"],
): ImageDataset {
  const { target, samples } = dataset;
  if (target.kind === "classes" && model.kind === "classes") {
    const places = placesOf(target.classes, scoreNames(model), dataset.path);
    const classes = scoreNames(model);
    return {
      ...dataset,
      target: { ...target, classes, ordered: model.ordered },
      samples: relabelled(samples, (found) => places[found as number]),
    };
  }
  if (target.kind === "labels" && model.kind === "labels") {
    const labels = scoreNames(model);
    const places = placesOf(target.labels, labels, dataset.path);
    return {
      ...dataset,
      target: { ...target, labels },
      samples: relabelled(samples, (found) =>
        labels.map((_, label) => {
          const at = places.indexOf(label);
          return at < 0 ? Number.NaN : (found as readonly number[])[at];
        }),
      ),
    };
  }
  if (target.kind === "number" && model.kind === "number") return dataset;
  throw new RoentgenError("type-mismatch", {
    problem: `Cannot judge the model on ${dataset.path}`,
    expected: inWords(model.kind),
    found: inWords(target.kind),
    subject: dataset.path,
  });
}

function relabelled(
  samples: readonly ImageSample[],
  change: (target: ImageSample["target"]) => ImageSample["target"],
): ImageSample[] {
  return samples.map((sample) => ({ ...sample, target: change(sample.target) }));
}

/** Of each name its place among the model's; upper and lower case, and spaces, hyphens and underscores, are alike. */
function placesOf(names: readonly string[], known: readonly string[], path: string): number[] {
  const alike = (name: string) =>
    name
      .toLowerCase()
      .replace(/[\s_-]+/g, " ")
      .trim();
  const places = names.map((name) => {
    const exact = known.indexOf(name);
    return exact >= 0 ? exact : known.findIndex((other) => alike(other) === alike(name));
  });
  const strange = names.filter((_, at) => places[at] < 0);
  if (strange.length === 0) return places;
  throw new RoentgenError("value-invalid", {
    problem: `The model does not know what ${path} is labelled with`,
    expected: known.map((name) => `"${name}"`).join(", "),
    found: strange.map((name) => `"${name}"`).join(", "),
    remedy:
      "Name the column of labels if another one was taken (--target), or rename folders or labels to the model's names; `roentgen summary` lists them.",
    subject: path,
  });
}

function inWords(kind: ImageTarget["kind"]): string {
  return { classes: "classes", labels: "findings that go together", number: "a measurement" }[kind];
}
