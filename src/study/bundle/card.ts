// The model card (Mitchell et al., "Model Cards for Model Reporting", 2019) of a bundle, in Markdown.

import { figureInterval, figureValue } from "../report/figure-terms.ts";
import type { BundleDescription, BundleInput, BundleMetric } from "./manifest.ts";
import { escapeMarkdown, markdownTable } from "./markdown.ts";

/** What a model card says beyond the bundle's description. */
export interface CardDetails {
  /** What the model is for, and for whom; a sentence or more. */
  readonly intendedUse?: string;
  /** What it must not be used for or is known to fail at, a sentence each. */
  readonly limits?: readonly string[];
  /** Figures by subgroup: one row each. */
  readonly subgroups?: readonly CardSubgroup[];
  /** Leak suspects and other findings in the data, a sentence each. */
  readonly findings?: readonly string[];
}

/** Figures of one subgroup on a card. */
export interface CardSubgroup {
  /** "site = A". */
  readonly name: string;
  readonly n: number;
  readonly metrics: readonly BundleMetric[];
}

const RESEARCH =
  "Research and teaching. It is no medical device, has not been approved for diagnosis or treatment, and must not be the sole ground of a decision about a patient.";

/** Writes the card of what a bundle's description states. */
export function modelCard(
  description: BundleDescription,
  { intendedUse = RESEARCH, limits = [], subgroups = [], findings = [] }: CardDetails = {},
): string {
  const sections = [
    `# ${escapeMarkdown(description.name)}`,
    opening(description),
    section("Intended use", escapeMarkdown(intendedUse)),
    section("Performance", performance(description.metrics)),
    subgroups.length > 0 && section("Performance by subgroup", subgroupTable(subgroups)),
    section("Limits", bullets([...limits, ...knownLimits(description)])),
    findings.length > 0 && section("Findings in the data", bullets(findings)),
    section("Inputs", inputTable(description.inputs)),
    section("Preprocessing", bullets(description.preprocessing.map(transformInWords))),
    section("Provenance", provenance(description)),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function bullets(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${escapeMarkdown(sentence)}`).join("\n") || "None.";
}

function opening({ learner, target, training }: BundleDescription): string {
  const patients = training.patients === undefined ? "" : ` of ${training.patients} patients`;
  const lines = [
    `It predicts ${target.name} (method: ${learner}), learnt from ${training.rows} rows${patients}.`,
  ];
  if (target.task === "classification") {
    const classes = target.classes.map(({ name, snomed }) =>
      snomed ? `${name} (SNOMED CT ${snomed.code}, ${snomed.display})` : name,
    );
    lines.push(`Its classes are ${classes.join(", ")}.`);
    if (classes.length === 2) lines.push(`Positive means ${target.classes[1].name}.`);
    if (target.threshold !== undefined) {
      lines.push(`It is predicted from a probability of ${target.threshold} on.`);
    }
  } else if (target.unit) lines.push(`Its unit is ${target.unit}.`);
  return escapeMarkdown(lines.join(" "));
}

function performance(metrics: readonly BundleMetric[]): string {
  if (metrics.length === 0) return "Not measured.";
  const table = markdownTable(
    ["Figure", "Value", "Interval", "N", "Interval by"],
    metrics.map((metric) => [
      metric.label,
      figureValue(metric),
      interval(metric),
      String(metric.n),
      metric.method,
    ]),
  );
  return `On cases that the model had not seen.\n\n${table}`;
}

function interval(metric: BundleMetric): string {
  const bounds = figureInterval(metric);
  return bounds && `${bounds} (${Number((metric.level * 100).toFixed(1))} %)`;
}

function subgroupTable(subgroups: readonly CardSubgroup[]): string {
  const labels = [
    ...new Set(subgroups.flatMap(({ metrics }) => metrics.map(({ label }) => label))),
  ];
  const rows = subgroups.map(({ name, n, metrics }) => [
    name,
    String(n),
    ...labels.map((label) => {
      const metric = metrics.find((each) => each.label === label);
      if (!metric) return "";
      const bounds = figureInterval(metric);
      return bounds ? `${figureValue(metric)} (${bounds})` : figureValue(metric);
    }),
  ]);
  return markdownTable(["Subgroup", "N", ...labels], rows);
}

function knownLimits({ inputs, training, target }: BundleDescription): string[] {
  const limits = [
    "It knows only data like those it learnt from; another scanner, site or population needs its own test first.",
    "Values outside the ranges under Inputs were never seen in training.",
  ];
  if (training.rows < 1000) {
    limits.push(
      `It learnt from ${training.rows} rows; the intervals above say how sure its figures are.`,
    );
  }
  if (inputs.every(({ missing }) => missing === 0)) {
    limits.push(
      "No value was missing in training; predictions for rows with missing values are untested.",
    );
  }
  if (target.task === "classification") {
    limits.push(
      "PPV and NPV hold only where the classes are as common as in the data it was judged on.",
    );
  }
  return limits;
}

function inputTable(inputs: readonly BundleInput[]): string {
  const rows = inputs.map((input) => [
    input.name,
    input.kind,
    seen(input),
    `${(input.missing * 100).toFixed(1)} %`,
  ]);
  return markdownTable(["Column", "Kind", "Seen in training", "Missing"], rows);
}

function seen(input: BundleInput): string {
  if (input.kind === "category") {
    const shown = input.categories.slice(0, 20).join(", ");
    return input.categories.length > 20
      ? `${shown} and ${input.categories.length - 20} more`
      : shown;
  }
  if (input.minimum === null || input.maximum === null) return "nothing";
  const unit = input.unit ? ` ${input.unit}` : "";
  return `${Number(input.minimum.toPrecision(5))} to ${Number(input.maximum.toPrecision(5))}${unit}`;
}

function transformInWords({
  name,
  description,
  insideModel,
}: BundleDescription["preprocessing"][number]): string {
  const place = insideModel ? "done inside model.onnx" : "to be done before model.onnx";
  return `${name}${description ? `: ${description}` : ""} (${place})`;
}

function provenance({ data, versions, seed }: BundleDescription): string {
  const facts = data.map(({ name, bytes, sha256 }) => `${name}: ${bytes} bytes, SHA-256 ${sha256}`);
  facts.push(...Object.entries(versions).map(([name, version]) => `${name} ${version}`));
  if (seed !== undefined) facts.push(`Seed ${seed}`);
  return bullets(facts);
}
