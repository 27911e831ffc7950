// What the bundle of a trained classifier of images states, and its card.

import { architecture } from "../../networks/index.ts";
import {
  bundleMetrics,
  type CardSubgroup,
  type ImageDescription,
  modelCard,
  subgroupMetrics,
} from "../../study/index.ts";
import { deployedCalibration } from "./deployed-calibration.ts";
import { judgesFindings } from "./judge-findings.ts";
import type { StatedOfImageModel } from "./pack-image-model.ts";
import type { ImagePlan } from "./plan-training.ts";
import type { TrainedImages } from "./train-images.ts";

export function describeImageBundle(trained: TrainedImages): StatedOfImageModel {
  const { settings, dataset, plan, calibration, split, provenance } = trained;
  const { conformal } = calibration ?? {};
  const inside = deployedCalibration(calibration);
  const patients = new Set(Array.from(split.train, (row) => dataset.samples[row].patient));
  return {
    name: `${dataset.target.name}: ${architecture(plan.model).title}`,
    learner: plan.model,
    input: {
      ...{ preparation: plainPreparation(plan), steps: trained.steps },
      ...(plan.mirrors.length > 0 && { mirrors: [...plan.mirrors] }),
    },
    target: targetOf(trained),
    ...(inside && { calibration: inside }),
    ...(conformal && { conformal: conformal as ImageDescription["conformal"] }),
    ...(trained.unusual && {
      unusual: { ...trained.unusual, scores: [...trained.unusual.scores] },
    }),
    metrics: metricsOf(trained, trained.judgement.byImage),
    training: {
      images: split.train.length,
      ...(patients.has(undefined) ? {} : { patients: patients.size }),
    },
    data: [...provenance.data],
    versions: { ...provenance.versions },
    seed: settings.seed,
  };
}

/** Kappas that count how far off a class is mean nothing where classes have no order. */
function metricsOf(
  { dataset: { target } }: TrainedImages,
  judgement: TrainedImages["judgement"]["byImage"],
): ImageDescription["metrics"] {
  const isOrdered = target.kind === "classes" && target.ordered;
  return bundleMetrics(judgement).filter(({ name }) => isOrdered || !WEIGHTED_KAPPAS.has(name));
}

const WEIGHTED_KAPPAS: ReadonlySet<string> = new Set(["linearKappa", "quadraticKappa"]);

function plainPreparation({ preparation }: ImagePlan): ImageDescription["input"]["preparation"] {
  return { ...preparation, size: [...preparation.size], intensity: { ...preparation.intensity } };
}

function targetOf({ dataset, calibration }: TrainedImages): ImageDescription["target"] {
  const { target } = dataset;
  const threshold = calibration?.threshold;
  switch (target.kind) {
    case "classes":
      return {
        ...{ kind: "classes", name: target.name, ordered: target.ordered },
        classes: target.classes.map((name) => ({ name })),
        ...(threshold && { threshold: { value: threshold.value, rule: threshold.rule } }),
      };
    case "labels":
      return {
        ...{ kind: "labels", name: target.name },
        labels: (calibration?.labels ?? []).map(({ label, threshold: { value, rule } }) => {
          return { name: label, threshold: { value, rule } };
        }),
      };
    case "number":
      return { ...target };
    default:
      return target satisfies never;
  }
}

/** The model card. */
export function describeImageCard(trained: TrainedImages, description: ImageDescription): string {
  const subgroups = subgroupsOf(trained);
  const findings = trained.dataset.problems.map(({ message }) => message);
  return modelCard(description, { subgroups, findings });
}

function subgroupsOf(trained: TrainedImages): CardSubgroup[] {
  const { judgement } = trained;
  const of = (column: string, value: string | null) => `${column} = ${value ?? "unknown"}`;
  if (judgesFindings(judgement)) {
    return judgement.subgroups.flatMap(({ column, rows }) =>
      rows.map((row) => {
        return { name: of(column, row.value), n: row.n, metrics: subgroupMetrics(row) };
      }),
    );
  }
  const { byImage, subgroups } = judgement;
  return subgroups.flatMap(({ column, rows }) =>
    rows.map(({ value, n, figures }) => {
      const judged = { ...byImage, figures } as typeof byImage;
      return { name: of(column, value), n, metrics: metricsOf(trained, judged) };
    }),
  );
}
