// roentgen summary: what a model is made of, takes and gives.

import type { Command } from "commander";
import type { WeightsFormat } from "../formats/index.ts";
import { summarise, summary as summaryOf, summaryTable } from "../networks/index.ts";
import {
  inspectWeights,
  type ModelSummary,
  readNetwork,
  summariseModel,
  weightsFormatOf,
} from "../tasks/index.ts";
import { type CommonOptions, run, withCommonOptions } from "./command.ts";
import { sayWeights } from "./inspected-weights.ts";
import { emit, heading, say, sayTable } from "./terminal.ts";

const EXAMPLE = `
roentgen summary run
roentgen summary model.onnx
roentgen summary model.h5
`;

/** Says what the subcommand takes and does. */
export function define(command: Command): void {
  command.argument("<model>", "run folder, .roentgen bundle, .onnx file, Keras model or weights");
  withCommonOptions(command, EXAMPLE).action((path: string, options: CommonOptions) =>
    run(options, async () => {
      const format = await weightsFormatOf(path);
      if (format) return summariseWeights(path, format, options);
      return saySummary(path, options);
    }),
  );
}

/** Shows what a bundle or an ONNX model is made of, takes and gives. */
export async function saySummary(path: string, { json }: CommonOptions): Promise<void> {
  const summary = await summariseModel(path);
  if (json) return emit(JSON.stringify(summary));
  say(summary.title);
  heading("Takes");
  sayTable(["name", "type", "shape"], summary.inputs);
  heading("Gives");
  sayTable(["name", "type", "shape"], summary.outputs);
  heading("Made of");
  sayLayers(summary);
  if (summary.columns.length > 0) {
    heading("Columns");
    sayTable(["column", "kind", "in training"], summary.columns);
  }
  if (summary.use.length > 0) {
    heading("Images");
    sayTable(["what", "how"], summary.use);
  }
  if (summary.metrics.length > 0) {
    heading(`On ${summary.use.length > 0 ? "images" : "rows"} it was not trained on`);
    sayTable(["figure", "value", "interval", "N"], summary.metrics);
  }
}

/** A network as Keras prints it, another model by its operators. */
function sayLayers({ network, layers, parameterCount }: ModelSummary): void {
  if (network) {
    say(summaryTable(network));
    return;
  }
  sayTable(["operator", "name", "holds", "gives", "parameters"], layers);
  say(`  ${parameterCount.toLocaleString("en")} parameters`);
}

/** A Keras model as Keras prints it; weights alone as a list, since nothing says what they are for. */
async function summariseWeights(
  path: string,
  format: WeightsFormat,
  { json }: CommonOptions,
): Promise<void> {
  const inspected = await inspectWeights(path);
  const isModel = format.startsWith("keras") && inspected.hasModel;
  if (!isModel) return json ? emit(JSON.stringify(inspected)) : sayWeights(path, inspected);
  const network = await readNetwork(path);
  if (json) return emit(JSON.stringify(summarise(network)));
  say(`Model: ${network.model.graph.name}`);
  say(summaryOf(network));
}
