// The table of all transforms in docs/transforms.md, from their own rules.

import { randomKinds, transformKinds } from "../src/imaging/index.ts";

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly parameters: { readonly shape: object };
}

interface Rule {
  safeParse(value: unknown): {
    success: boolean;
    data?: unknown;
    error?: { issues: { message: string }[] };
  };
}

/** The text of docs/transforms.md. */
export const transformsTable: string = `# Transforms

Every transform is a name and options, plain JSON: \`applyTransforms(image, [{ name: "resample", spacing: 1 }])\`.
What is recorded is complete and replays the same anywhere. Options without a default must be given.
Written by \`scripts/list-transforms.ts\`.

| name | what it does | options and defaults | inverse |
|---|---|---|---|
${transformKinds.map((kind) => row(kind, kind.invert ? inverseOf(kind.moves?.effect) : "–")).join("\n")}

## Random changes

They draw parameters by seed, sample and epoch, and hand them to the transforms above, which are what is recorded.
Ranges are \`[lowest, highest]\`.

| name | what it does | options and defaults |
|---|---|---|
${randomKinds.map((kind) => row(kind)).join("\n")}
`;

function row({ name, title, parameters }: Kind, inverse?: string): string {
  const shape = parameters.shape as Record<string, Rule>;
  const options = Object.entries(shape).map(([option, rule]) => describe(option, rule));
  const cells = [`\`${name}\``, title, options.join("<br>") || "–"];
  return `| ${[...cells, ...(inverse === undefined ? [] : [inverse])].join(" | ")} |`;
}

function describe(option: string, rule: Rule): string {
  const byDefault = rule.safeParse(undefined);
  if (!byDefault.success) return `\`${option}\`: ${expectation(rule)}`;
  const value = byDefault.data === undefined ? "–" : `\`${JSON.stringify(byDefault.data)}\``;
  const expected = expectation(rule);
  return `\`${option}\` = ${value}${expected ? ` (${expected})` : ""}`;
}

/** What the rule says of a value that it refuses. */
function expectation(rule: Rule): string {
  const { error } = rule.safeParse(Symbol("none of its values"));
  return (error?.issues[0].message ?? "").replaceAll("|", "or").replace(/^Invalid input.*/, "");
}

function inverseOf(effect: string | undefined): string {
  return effect === "interpolates" ? "by interpolation" : "exact, but for what was cut off";
}
