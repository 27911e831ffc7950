// A network as a table of layers, in the manner of Keras.

import { isTrained, type LayerRecord, type Network } from "./network.ts";

/** One line of a summary. */
export interface SummaryLine {
  readonly name: string;
  readonly kind: string;
  /** Batch first; a length that is not fixed by its name. */
  readonly outputShape: readonly (number | string)[];
  readonly parameters: number;
  /** Whether training changes any of its parameters. */
  readonly trainable: boolean;
  /** Layers whose outputs go in. */
  readonly inputs: readonly string[];
}

/** Layers and parameters of a network. */
export interface NetworkSummary {
  readonly layers: readonly SummaryLine[];
  readonly total: number;
  readonly trainable: number;
  readonly frozen: number;
}

export interface SummaryOptions {
  /** Whether a parameter is trained, by its name; by default all that can be and did not come frozen. */
  trainable?: (parameter: string) => boolean;
}

/** Counts the parameters of each layer; one that layers share counts with the first. */
export function summarise({ layers }: Network, { trainable }: SummaryOptions = {}): NetworkSummary {
  const seen = new Set<string>();
  let total = 0;
  let trained = 0;
  const lines = layers.map((layer) => {
    let count = 0;
    let changes = false;
    for (const parameter of layer.parameters) {
      const { name, shape } = parameter;
      if (seen.has(name)) continue;
      seen.add(name);
      const size = shape.reduce((product, length) => product * length, 1);
      const changed = isTrained(parameter, trainable);
      count += size;
      changes ||= changed;
      if (changed) trained += size;
    }
    total += count;
    return lineOf(layer, count, changes);
  });
  return { layers: lines, total, trainable: trained, frozen: total - trained };
}

function lineOf(layer: LayerRecord, parameters: number, trainable: boolean): SummaryLine {
  const { name, kind, outputShape, inputs } = layer;
  return { name, kind, outputShape, parameters, trainable, inputs };
}

/** The table as text: layer (kind), output shape, parameters, and whether they are trained. */
export function summary(network: Network, options: SummaryOptions = {}): string {
  return summaryTable(summarise(network, options));
}

/** The same of what `summarise` gave. */
export function summaryTable({ layers, total, trainable, frozen }: NetworkSummary): string {
  const rows = layers.map((line) => [
    `${line.name} (${line.kind})`,
    `(${line.outputShape.map((length) => (length === "N" ? "None" : length)).join(", ")})`,
    thousands(line.parameters),
    line.parameters === 0 ? "-" : line.trainable ? "yes" : "no",
  ]);
  const head = ["Layer (kind)", "Output shape", "Param #", "Trainable"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 2 ? cell.padStart(widths[2]) : cell.padEnd(widths[column]),
      )
      .join("  ")
      .trimEnd();
  const rule = "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
  return [
    line(head),
    rule,
    ...rows.map(line),
    rule,
    `Total params: ${thousands(total)}`,
    `Trainable params: ${thousands(trainable)}`,
    `Non-trainable params: ${thousands(frozen)}`,
  ].join("\n");
}

function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
