// The model card (Mitchell et al., "Model Cards for Model Reporting", 2019) of a bundle, in Markdown.

import { figureInterval, figureValue } from "../report/figure-terms.ts";
import type { BundleMetric } from "./facts.ts";
import { imageWords } from "./image-card.ts";
import type { BundleDescription } from "./manifest.ts";
import { bullets, escapeMarkdown, markdownTable } from "./markdown.ts";
import { tableWords } from "./table-card.ts";

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
  const words = description.kind === "table" ? tableWords(description) : imageWords(description);
  const sections = [
    `# ${escapeMarkdown(description.name)}`,
    escapeMarkdown(words.opening),
    section("Intended use", escapeMarkdown(intendedUse)),
    section("Performance", performance(description.metrics)),
    subgroups.length > 0 && section("Performance by subgroup", subgroupTable(subgroups)),
    section("Limits", bullets([...limits, ...words.limits])),
    findings.length > 0 && section("Findings in the data", bullets(findings)),
    section("Inputs", words.inputs),
    section("Preprocessing", bullets(description.preprocessing.map(transformInWords))),
    section("Provenance", provenance(description)),
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
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
