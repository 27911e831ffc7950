// The table from a Keras layer's class to the rule that converts it.

import {
  cropping,
  flatten,
  permute,
  repeatVector,
  reshape,
  resizing,
  upSampling,
  zeroPadding,
} from "./arrangement.ts";
import {
  convolution,
  depthwiseConvolution,
  separableConvolution,
  transposedConvolution,
} from "./convolutions.ts";
import { dense, embedding } from "./dense.ts";
import {
  activation,
  elu,
  leakyRelu,
  prelu,
  relu,
  rescaling,
  softmax,
  thresholdedRelu,
  unchanged,
} from "./elementwise.ts";
import type { LayerConfig } from "./layer-config.ts";
import type { LayerRule } from "./layer-scope.ts";
import { average, concatenation, difference, maximum, minimum, product, sum } from "./merging.ts";
import { batchNormalisation, layerNormalisation, normalisation } from "./normalisation.ts";
import { globalPooling, pooling } from "./pooling.ts";

const rules: Readonly<Record<string, LayerRule>> = {
  Dense: dense,
  Embedding: embedding,
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  DepthwiseConv1D: depthwiseConvolution(1),
  DepthwiseConv2D: depthwiseConvolution(2),
  SeparableConv1D: separableConvolution(1),
  SeparableConv2D: separableConvolution(2),
  Conv1DTranspose: transposedConvolution(1),
  Conv2DTranspose: transposedConvolution(2),
  Conv3DTranspose: transposedConvolution(3),

  MaxPooling1D: pooling("MaxPool", 1),
  MaxPooling2D: pooling("MaxPool", 2),
  MaxPooling3D: pooling("MaxPool", 3),
  AveragePooling1D: pooling("AveragePool", 1),
  AveragePooling2D: pooling("AveragePool", 2),
  AveragePooling3D: pooling("AveragePool", 3),
  GlobalMaxPooling1D: globalPooling("GlobalMaxPool"),
  GlobalMaxPooling2D: globalPooling("GlobalMaxPool"),
  GlobalMaxPooling3D: globalPooling("GlobalMaxPool"),
  GlobalAveragePooling1D: globalPooling("GlobalAveragePool"),
  GlobalAveragePooling2D: globalPooling("GlobalAveragePool"),
  GlobalAveragePooling3D: globalPooling("GlobalAveragePool"),

  BatchNormalization: batchNormalisation,
  LayerNormalization: layerNormalisation,
  Normalization: normalisation,
  Rescaling: rescaling,

  Activation: activation,
  ReLU: relu,
  LeakyReLU: leakyRelu,
  PReLU: prelu,
  ELU: elu,
  ThresholdedReLU: thresholdedRelu,
  Softmax: softmax,

  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  RepeatVector: repeatVector,
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
  ZeroPadding3D: zeroPadding(3),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  Cropping3D: cropping(3),
  UpSampling1D: upSampling(1),
  UpSampling2D: upSampling(2),
  UpSampling3D: upSampling(3),
  Resizing: resizing,

  Add: sum,
  Subtract: difference,
  Multiply: product,
  Average: average,
  Maximum: maximum,
  Minimum: minimum,
  Concatenate: concatenation,

  Identity: unchanged,
  Dropout: unchanged,
  SpatialDropout1D: unchanged,
  SpatialDropout2D: unchanged,
  SpatialDropout3D: unchanged,
  AlphaDropout: unchanged,
  GaussianDropout: unchanged,
  GaussianNoise: unchanged,
  ActivityRegularization: unchanged,
  RandomFlip: unchanged,
  RandomRotation: unchanged,
  RandomTranslation: unchanged,
  RandomZoom: unchanged,
  RandomContrast: unchanged,
  RandomBrightness: unchanged,
};

/** Names that Keras 1 and aliases of Keras 2 have for the same classes. */
const ALIASES: Readonly<Record<string, string>> = {
  Convolution1D: "Conv1D",
  Convolution2D: "Conv2D",
  Convolution3D: "Conv3D",
  AtrousConvolution2D: "Conv2D",
  SeparableConvolution2D: "SeparableConv2D",
  Convolution2DTranspose: "Conv2DTranspose",
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  SyncBatchNormalization: "BatchNormalization",
};

/** Why some classes can't be converted, and what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
  Lambda:
    "It holds Python code, which is never executed here. Write the model with layers instead.",
  TFOpLambda: "It calls a function of TensorFlow by name. Write the model with layers instead.",
  SlicingOpLambda:
    "It calls a function of TensorFlow by name. Write the model with layers instead.",
  TensorFlowOpLayer: "It holds a node of TensorFlow's. Write the model with layers instead.",
  TimeDistributed:
    "Give the inner layer the frames as a batch, or write the model with layers of one more dimension.",
};

/**
 * The rule of a layer.
 * @throws RoentgenError "format-unsupported" naming layer and class
 */
export function ruleOf(config: LayerConfig): LayerRule {
  const name = ALIASES[config.className] ?? config.className;
  if (Object.hasOwn(rules, name)) return rules[name];
  throw config.refuse({
    expected: "a layer of a class that is converted (docs/support.md lists them)",
    found: config.className || "a layer without a class",
    remedy:
      REFUSED[name] ?? "Replace it by layers that are converted, or export the model as ONNX.",
  });
}
