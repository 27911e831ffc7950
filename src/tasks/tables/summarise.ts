// What a model file is made of: inputs, outputs, operators with their parameters, and what its bundle states.

import { openBeside, readFileBytes } from "#files";
import { RoentgenError } from "../../base/index.ts";
import { type NetworkSummary, networkFromModel, summarise } from "../../networks/index.ts";
import { ML, type OnnxModel, type OnnxValue, readModel } from "../../onnx/index.ts";
import { isImageBundle, readBundle } from "../../study/index.ts";
import { bundlePath } from "../bundle-path.ts";
import {
  bundleTitle,
  describeColumn,
  describeImageUse,
  describeMetric,
} from "./bundle-in-words.ts";
import { describeLayers, describeShape } from "./describe-layers.ts";

export interface ModelSummary {
  readonly title: string;
  /** Name, type, shape. */
  readonly inputs: readonly (readonly string[])[];
  readonly outputs: readonly (readonly string[])[];
  /** Operator, name, what it holds, shapes it gives, number of parameters; what is inside a node follows it, indented. */
  readonly layers: readonly (readonly string[])[];
  readonly parameterCount: number;
  /** Layers and parameters as training takes them; of networks that can be trained. */
  readonly network?: NetworkSummary;
  /** Columns of the table the model takes: name, kind, range or categories. */
  readonly columns: readonly (readonly string[])[];
  /** How images become the input of a model of images, and what is said beside a prediction: what, how. */
  readonly use: readonly (readonly string[])[];
  /** Figures on data it was not trained on: name, value, interval, N. */
  readonly metrics: readonly (readonly string[])[];
}

/**
 * Summarises an ONNX file, a bundle, or the bundle of a run folder.
 * @throws RoentgenError where it can't be read
 */
export async function summariseModel(path: string): Promise<ModelSummary> {
  const file = await bundlePath(path);
  const bytes = await readFileBytes(file);
  const zipped = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const bundle = zipped ? await readBundle(bytes, file) : undefined;
  const model = await readModel(bundle?.model ?? bytes, { openSibling: openBeside(file) });
  const layers = describeLayers(model);
  return {
    title: bundle
      ? bundleTitle(bundle)
      : `ONNX model by ${model.producer || "an unknown producer"}`,
    inputs: model.graph.inputs.map(describeValue),
    outputs: model.graph.outputs.map(describeValue),
    layers: layers.map(({ cells, parameters }) => [...cells, count(parameters)]),
    parameterCount: layers.reduce((sum, { parameters }) => sum + parameters, 0),
    network: bundle ? undefined : networkSummary(model),
    columns: bundle && !isImageBundle(bundle) ? bundle.manifest.inputs.map(describeColumn) : [],
    use: bundle && isImageBundle(bundle) ? describeImageUse(bundle.manifest) : [],
    metrics: bundle?.manifest.metrics.map(describeMetric) ?? [],
  };
}

/** Undefined for models that are no networks to train, such as those of tables. */
function networkSummary(model: OnnxModel): NetworkSummary | undefined {
  if (model.graph.nodes.some(({ domain }) => domain === ML)) return undefined;
  try {
    return summarise(networkFromModel(model));
  } catch (error) {
    if (error instanceof RoentgenError) return undefined;
    throw error;
  }
}

function describeValue({ name, type, shape, container }: OnnxValue): string[] {
  const inside = `${type ?? "any type"}`;
  return [
    name,
    container ? `${container.container} of ${inside}` : inside,
    shape ? describeShape(shape) : "of any rank",
  ];
}

function count(value: number): string {
  return value.toLocaleString("en");
}
