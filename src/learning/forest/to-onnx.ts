// A forest as one TreeEnsembleClassifier or TreeEnsembleRegressor (ONNX operators of ai.onnx.ml 3).

import {
  type Attribute,
  type GraphBuilder,
  ints,
  ML,
  tensor,
  text,
  texts,
} from "../../onnx/index.ts";
import type { OnnxOutputs } from "../learner.ts";
import { type ForestModel, treeCount } from "./model.ts";

/**
 * Adds the forest. Features pass through float64, since ONNX Runtime then sums trees in float64:
 * float32 sums of hundreds of trees would miss the 1e-6 that predictions agree to.
 */
export function addForestToGraph(
  model: ForestModel,
  graph: GraphBuilder,
  features: string,
): OnnxOutputs {
  const wide = graph.node("Cast", [features], { to: { kind: "int", value: 11 } });
  const nodes = nodeAttributes(model);
  if (model.task === "regression") {
    const attributes = { ...nodes, ...leafAttributes(model, "target") };
    const scores = graph.node(
      "TreeEnsembleRegressor",
      [wide],
      { ...attributes, n_targets: { kind: "int", value: 1 } },
      { domain: ML },
    );
    return { scores };
  }
  const [label, scores] = graph.nodeWithOutputs(
    "TreeEnsembleClassifier",
    [wide],
    2,
    { ...nodes, ...leafAttributes(model, "class"), classlabels_strings: texts(model.classes) },
    { domain: ML },
  );
  return { label, scores };
}

function nodeAttributes(model: ForestModel): Record<string, Attribute> {
  const { feature, threshold, missingLeft, child, roots } = model;
  const count = feature.length;
  const left = new Int32Array(count);
  const right = new Int32Array(count);
  const treeIds = new Int32Array(count);
  const nodeIds = new Int32Array(count);
  const modes: string[] = new Array(count);
  for (let tree = 0; tree < treeCount(model); tree++) {
    for (let node = roots[tree]; node < roots[tree + 1]; node++) {
      treeIds[node] = tree;
      nodeIds[node] = node - roots[tree];
      modes[node] = feature[node] < 0 ? "LEAF" : "BRANCH_LEQ";
      if (feature[node] < 0) continue;
      left[node] = child[node] - roots[tree];
      right[node] = left[node] + 1;
    }
  }
  return {
    nodes_treeids: ints(treeIds),
    nodes_nodeids: ints(nodeIds),
    nodes_featureids: ints(feature.map((index) => Math.max(0, index))),
    nodes_modes: texts(modes),
    nodes_values_as_tensor: doubles(Float64Array.from(threshold)),
    nodes_truenodeids: ints(left),
    nodes_falsenodeids: ints(right),
    nodes_missing_value_tracks_true: ints(missingLeft),
    post_transform: text("NONE"),
  };
}

/**
 * Shares are rounded down to multiples of 2^-44. Their sums are then exact in any order, so that votes
 * that tie here tie there, and the first of the classes wins in both.
 */
const FINE = 2 ** 44;

/**
 * What each leaf adds to each class or to the target: its value over the number of trees. Of two
 * classes only the second is listed: given both, ONNX Runtime takes the second for every row in which
 * it has any share; given one, it decides at one half and completes the shares to 1.
 */
function leafAttributes(model: ForestModel, kind: "class" | "target"): Record<string, Attribute> {
  const { feature, child, values, outputs, roots } = model;
  const trees = treeCount(model);
  const listed = outputs === 2 ? [1] : Array.from({ length: outputs }, (_, output) => output);
  const leaves = feature.reduce((count, index) => count + (index < 0 ? 1 : 0), 0);
  const treeIds = new Int32Array(leaves * listed.length);
  const nodeIds = new Int32Array(leaves * listed.length);
  const outputIds = new Int32Array(leaves * listed.length);
  const weights = new Float64Array(leaves * listed.length);
  let at = 0;
  for (let tree = 0; tree < trees; tree++) {
    for (let node = roots[tree]; node < roots[tree + 1]; node++) {
      if (feature[node] >= 0) continue;
      for (const output of listed) {
        treeIds[at] = tree;
        nodeIds[at] = node - roots[tree];
        outputIds[at] = outputs === 2 ? 0 : output;
        const value = values[child[node] * outputs + output] / trees;
        weights[at] = kind === "class" ? Math.floor(value * FINE) / FINE : value;
        at += 1;
      }
    }
  }
  return {
    [`${kind}_treeids`]: ints(treeIds),
    [`${kind}_nodeids`]: ints(nodeIds),
    [`${kind}_ids`]: ints(outputIds),
    [`${kind}_weights_as_tensor`]: doubles(weights),
  };
}

function doubles(values: Float64Array): Attribute {
  return tensor({ type: "float64", shape: [values.length], data: values });
}
