// A file of weights in words: its tensors with their shapes, and what stands beside them.

import type { InspectedWeights } from "../tasks/index.ts";
import { heading, say, sayTable } from "./terminal.ts";

/** Values beside the tensors that are listed before the rest is counted. */
const MOST_VALUES = 20;

/** Says what a file of weights holds. */
export function sayWeights(path: string, inspected: InspectedWeights): void {
  const { format, part, parts, tensors, parameterCount, metadata, notes } = inspected;
  const count = `${tensors.length.toLocaleString("en")} tensor${tensors.length === 1 ? "" : "s"}`;
  say(`${path}: ${format}, ${count}, ${parameterCount.toLocaleString("en")} numbers`);
  if (parts.length > 0) {
    say(`Parts: ${parts.join(", ")}${part ? `; shown is ${part} (--part chooses another)` : ""}`);
  }
  for (const note of notes) say(note);
  heading("Tensors");
  sayTable(
    ["name", "type", "shape"],
    tensors.map(({ name, type, shape }) => [name, type, `[${shape.join(", ")}]`]),
  );
  const values = Object.entries(metadata);
  if (values.length === 0) return;
  heading("Beside them");
  sayTable(["name", "value"], values.slice(0, MOST_VALUES));
  const more = values.length - MOST_VALUES;
  if (more > 0) say(`  … ${more} more; --json lists all`);
}
