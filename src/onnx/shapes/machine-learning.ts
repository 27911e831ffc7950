// Types and shapes of the operators of ai.onnx.ml, as far as they follow from the attributes.

import type { ElementType } from "../model.ts";
import { typeAttribute } from "./element-type.ts";
import type { InferredNode, ShapeRule, ShapeRules } from "./rule.ts";

const likeFloats: ShapeRule = (node) => [{ type: "float32", shape: node.input(0)?.shape }];
const likeInput: ShapeRule = (node) => [node.input(0)];

/** The number of rows: the first axis, or one row where there is a single axis. */
function rows(node: InferredNode) {
  const shape = node.input(0)?.shape;
  return shape ? (shape.length > 1 ? shape[0] : 1) : node.unknown();
}

/** A label a row, and a score for every class. */
const classifier: ShapeRule = (node) => {
  const texts = node.texts("classlabels_strings") ?? node.texts("classlabels_strings_floats");
  const numbers = node.ints("classlabels_int64s") ?? node.ints("classlabels_ints");
  const classes = texts?.length || numbers?.length;
  const row = rows(node);
  return [
    { type: texts?.length ? "string" : "int64", shape: [row] },
    { type: "float32", shape: [row, classes ?? node.unknown()] },
  ];
};

/** A number a row and target. */
const regressor: ShapeRule = (node) => {
  const targets = node.int("n_targets", node.int("targets", 1));
  return [{ type: "float32", shape: [rows(node), targets] }];
};

/** OneHotEncoder: a new last axis as long as there are categories. */
const oneHot: ShapeRule = (node) => {
  const shape = node.input(0)?.shape;
  const count = node.texts("cats_strings")?.length ?? node.ints("cats_int64s")?.length;
  return [{ type: "float32", shape: shape && [...shape, count ?? node.unknown()] }];
};

/** LabelEncoder: the type of the values. */
const labels: ShapeRule = (node) => {
  const type: ElementType | undefined = node.has("values_strings")
    ? "string"
    : node.has("values_int64s")
      ? "int64"
      : node.has("values_floats")
        ? "float32"
        : (node.tensor("values_tensor")?.type ??
          (node.input(0)?.type === "string" ? "int64" : "string"));
  return [{ type, shape: node.input(0)?.shape }];
};

/** ArrayFeatureExtractor: some of the last axis. */
const extractor: ShapeRule = (node) => {
  const [x, picks] = [node.input(0), node.input(1)];
  const count = picks?.shape?.at(-1);
  const lead = x?.shape && (x.shape.length === 1 ? [1] : x.shape.slice(0, -1));
  return [x && { type: x.type, shape: lead && [...lead, count ?? node.unknown()] }];
};

const vectorizer: ShapeRule = (node) => {
  const lengths = node.ints("inputdimensions");
  const total = lengths?.reduce((sum, length) => sum + length, 0);
  return [{ type: "float32", shape: [rows(node), total ?? node.unknown()] }];
};

/** TreeEnsemble (ai.onnx.ml 5): a number a row and target. */
const ensemble: ShapeRule = (node) => [
  {
    type: node.input(0)?.type ?? "float32",
    shape: [rows(node), node.int("n_targets", 1)],
  },
];

const castMap: ShapeRule = (node) => [
  { type: typeAttribute(node, "cast_to_type", "float32"), shape: [1, node.unknown()] },
];

/** Rules by operator. */
export const machineLearningShapes: ShapeRules = {
  ArrayFeatureExtractor: extractor,
  Binarizer: likeInput,
  CastMap: castMap,
  FeatureVectorizer: vectorizer,
  Imputer: likeInput,
  LabelEncoder: labels,
  LinearClassifier: classifier,
  LinearRegressor: regressor,
  Normalizer: likeFloats,
  OneHotEncoder: oneHot,
  Scaler: likeFloats,
  SVMClassifier: classifier,
  SVMRegressor: regressor,
  TreeEnsemble: ensemble,
  TreeEnsembleClassifier: classifier,
  TreeEnsembleRegressor: regressor,
};
