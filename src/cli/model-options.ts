// The options of every learner as help text, from the rules that check them.

import type { rules } from "../base/index.ts";
import { learnerByName, learnerNames } from "../learning/index.ts";

/** "Options of the models", a line each; models with equal options share a list. */
export function modelOptionsHelp(): string {
  const lists = new Map<string, string[]>();
  for (const name of learnerNames) {
    const text = describeOptions(learnerByName(name).parameters);
    lists.set(text, [...(lists.get(text) ?? []), name]);
  }
  const blocks = [...lists].map(([text, names]) => `  ${names.join(", ")}:\n${text}`);
  return `\nOptions of the models, for --set and --search:\n${blocks.join("\n")}`;
}

function describeOptions(parameters: rules.ZodType): string {
  const { shape } = parameters as rules.ZodObject;
  const names = Object.keys(shape);
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => `    ${name.padEnd(width)}  ${shape[name].description ?? ""}`.trimEnd())
    .join("\n");
}
