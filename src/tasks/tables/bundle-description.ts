// What the bundle of a trained table states: interface, preprocessing, figures, data, versions; and its card.

import {
  bundleMetrics,
  type CardSubgroup,
  modelCard,
  type TableDescription,
} from "../../study/index.ts";
import type { TrainedTable } from "./train.ts";

export function describeBundle(trained: TrainedTable): TableDescription {
  const { settings, view, sides, fitted, judgement, provenance } = trained;
  const { preprocessing } = fitted.pipeline;
  const { training } = sides;
  return {
    kind: "table",
    name: `${view.targetName} by ${settings.model}`,
    learner: settings.model,
    ...fitted.interface,
    preprocessing: [
      {
        name: "preprocessing",
        description: `${preprocessing.names.length} features from ${fitted.interface.inputs.length} columns`,
        parameters: settings.preprocessing,
        insideModel: true,
      },
    ],
    metrics: bundleMetrics(judgement),
    training: {
      rows: training.features.rowCount,
      ...(training.groups ? { patients: new Set(training.groups).size } : {}),
    },
    data: [...provenance.data],
    versions: { ...provenance.versions },
    seed: settings.seed,
  };
}

/** The model card of the same, with subgroups and findings. */
export function describeCard(trained: TrainedTable, description: TableDescription): string {
  const subgroups = trained.subgroups.flatMap(({ column, rows }) =>
    rows.map(({ value, n, figures }): CardSubgroup => {
      const judged = { ...trained.judgement, figures } as TrainedTable["judgement"];
      return { name: `${column} = ${value ?? "unknown"}`, n, metrics: bundleMetrics(judged) };
    }),
  );
  return modelCard(description, {
    subgroups,
    findings: trained.findings.map(({ message }) => message),
  });
}
