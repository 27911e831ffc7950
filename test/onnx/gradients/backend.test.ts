// The ONNX project's backend models, where ../shared/data has them: each float one that is differentiable, checked.

import { describe, expect, it } from "vitest";
import { RoentgenError } from "../../../src/base/index.ts";
import {
  foldConstants,
  inlineFunctions,
  type OnnxModel,
  type OnnxTensor,
  openGraph,
  upgradeModel,
} from "../../../src/onnx/index.ts";
import { type BackendCase, backendCases, hasBackendCases } from "../backend-cases.ts";
import { type Checked, checkGradients, weightedSum } from "./gradient-check.ts";

/** Operators of these models that `differentiate` refuses by name, or of which the models use what has no gradient. */
const WITHOUT_GRADIENT =
  /through (DFT|DequantizeLinear|Det|DynamicQuantizeLinear|Loop|MaxPool|MaxUnpool|MelWeightMatrix|RoiAlign|STFT|Scan|Unique|.*If|.*Sequence.*|.*Optional.*) \(/;

/** Operators of whose inputs only the first is differentiated: others are scales, weights of classes or statistics. */
const ONLY_FIRST_INPUT = new Set(
  "BatchNormalization Dropout NegativeLogLikelihoodLoss Resize RoiAlign SoftmaxCrossEntropyLoss Upsample".split(
    " ",
  ),
);
/** Operators of whose outputs only the first is: others are statistics and masks. */
const ONLY_FIRST_OUTPUT = new Set("BatchNormalization Dropout LayerNormalization".split(" "));

/** What the evaluator, which the slopes come from, has no numbers for, and quantisation, which is made of steps. */
const OF_CHANCE = /^(Bernoulli|Random.*|Multinomial|.*QuantizeLinear)$/;

/** Models whose inputs are no place for differences. */
const UNFIT: Readonly<Record<string, string>> = {
  "node/test_acosh_example": "an input at the edge of the domain, where the slope is infinite",
  "pytorch-operator/test_operator_pow": "negative numbers to the power of fractions",
  "pytorch-operator/test_operator_sqrt": "roots of negative numbers",
  "pytorch-operator/test_operator_conv":
    "a million elements, in whose sum a difference is lost to rounding",
  "node/test_castlike_STRING_to_FLOAT": "a text that is no number",
  "node/test_castlike_STRING_to_FLOAT_expanded": "a text that is no number",
  "node/test_training_dropout": "chance",
  "node/test_training_dropout_default": "chance",
  "node/test_training_dropout_mask": "chance",
  "node/test_training_dropout_default_mask": "chance",
  "node/test_scan_sum": "Scan of opset 8, which no reader takes any more",
};

describe.skipIf(!hasBackendCases)("The gradients of ONNX's backend models", () => {
  it("are central differences", { timeout: 600_000 }, async () => {
    const counts = { checked: 0, refused: 0, "not of floats": 0 };
    const failures: string[] = [];
    for (const one of backendCases()) {
      try {
        const checked = functionOf(one);
        if (checked) await checkGradients(checked, { isRun: false });
        counts[checked ? "checked" : "not of floats"]++;
      } catch (error) {
        if (isRefusal(error)) counts.refused++;
        else failures.push(`${one.name}: ${error instanceof Error ? error.message : error}`);
      }
    }
    expect(failures).toEqual([]);
    expect(counts.checked).toBeGreaterThan(550);
  });
});

function isRefusal(error: unknown): boolean {
  return error instanceof RoentgenError && WITHOUT_GRADIENT.test(error.message);
}

/** The weighted sum of a model's float outputs by its float inputs; all other inputs become constants. */
function functionOf({ name, model, feeds }: BackendCase): Checked | undefined {
  // Sequences and optionals are not fed.
  if (name in UNFIT || !feeds) return undefined;
  const { nodes } = model.graph;
  const operators = nodes.map(({ operator }) => operator);
  if (nodes.some(({ operator, domain }) => domain !== "" || OF_CHANCE.test(operator))) {
    return undefined;
  }
  const isFloat = (value: { name: string }) => /^float(32|64)$/.test(feeds[value.name]?.type ?? "");
  const floats = model.graph.inputs
    .filter((input) => isFloat(input) && input.name !== "depth")
    .map((input) => input.name);
  const by = operators.some((one) => ONLY_FIRST_INPUT.has(one)) ? floats.slice(0, 1) : floats;
  const ready = withConstants(model, feeds, by);
  const outputs = ready.graph.outputs.slice(
    0,
    operators.some((one) => ONLY_FIRST_OUTPUT.has(one)) ? 1 : undefined,
  );
  const used = outputs.filter(
    ({ type = "", container }) => !container && /^float(32|64)$/.test(type),
  );
  if (by.length === 0 || used.length === 0) return undefined;
  return {
    by,
    feeds: Object.fromEntries(by.map((one) => [one, moved(feeds[one])] as const)),
    open: () => {
      const graph = openGraph({ ...ready, graph: { ...ready.graph, outputs: [] } });
      return {
        graph,
        loss: weightedSum(
          graph,
          used.map((output) => output.name),
        ),
      };
    },
  };
}

function withConstants(
  model: OnnxModel,
  feeds: Readonly<Record<string, OnnxTensor>>,
  by: readonly string[],
): OnnxModel {
  const { graph } = model;
  const constants = graph.inputs.filter(({ name }) => !by.includes(name) && feeds[name]);
  const inputs = graph.inputs
    .filter(({ name }) => by.includes(name))
    .map((input) => ({ ...input, shape: feeds[input.name].shape }));
  const initializers = [
    ...graph.initializers,
    ...constants.map(({ name }) => ({ ...feeds[name], name })),
  ];
  const fixed = { ...model, graph: { ...graph, inputs, initializers, values: [] } };
  return foldConstants(upgradeModel(inlineFunctions(fixed)), { unroll: 1000 });
}

/** Away from where functions have kinks and elements are equal; some files hold memory that was never filled. */
function moved(tensor: OnnxTensor): OnnxTensor {
  const data = (tensor.data as Float32Array).map(
    (value, at) => (Math.abs(value) < 1e6 ? value : 0) + 1e-3 * Math.sin(at + 1),
  );
  return { ...tensor, data };
}
