// The ONNX model in memory: build it, write and read it, differentiate it, run it.

export { configureRuntime, openSession, openStatefulSession, runtimeVersion } from "#session";
export { type Algebra, algebraOf, type Operand, type Term } from "./algebra.ts";
export { type GraphBuilder, graphBuilder, ML, openGraph } from "./builder.ts";
export { type EvaluateOptions, evaluate, evaluateNode } from "./evaluation/evaluate.ts";
export { onnxTensor, type PlainTensor, plainTensor } from "./evaluation/plain-tensor.ts";
export { decodeModel } from "./file/decode.ts";
export { encodeModel } from "./file/encode.ts";
export { readModel } from "./file/external-data.ts";
export { splitModel } from "./file/split-model.ts";
export { type DifferentiateOptions, differentiate } from "./gradients/differentiate.ts";
export { type MemoryPlan, planMemory } from "./memory-plan.ts";
export {
  type Attribute,
  type ContainerType,
  type Dimension,
  type ElementType,
  float,
  floats,
  type Initializer,
  int,
  ints,
  type OnnxData,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
  type TensorType,
  tensor,
  text,
  texts,
} from "./model.ts";
export { bindDimensions } from "./passes/bind-dimensions.ts";
export { changeBatch } from "./passes/change-batch.ts";
export { cutModel } from "./passes/cut-model.ts";
export { foldBatchNorm } from "./passes/fold-batch-norm.ts";
export { foldConstants } from "./passes/fold-constants.ts";
export { freezeDefaults } from "./passes/freeze-defaults.ts";
export { inferTypes } from "./passes/infer-types.ts";
export { inlineFunctions } from "./passes/inline-functions.ts";
export { mergeModels } from "./passes/merge-models.ts";
export { mixedPrecision } from "./passes/mixed-precision.ts";
export { planarConvolutions } from "./passes/planar-convolutions.ts";
export { poolBeforeRelu } from "./passes/pool-before-relu.ts";
export { removeDeadCode } from "./passes/remove-dead-code.ts";
export { renameTensors } from "./passes/rename.ts";
export { scheduleNodes } from "./passes/schedule.ts";
export { shareEqual } from "./passes/share-equal.ts";
export { readsOf } from "./passes/subgraphs.ts";
export { upgradeModel } from "./passes/upgrade/upgrade.ts";
export type {
  Device,
  NamedTensors,
  RuntimeSettings,
  Session,
  SessionOptions,
  StatefulModel,
  StatefulOptions,
  StatefulSession,
} from "./session.ts";
export { inferShapes } from "./shapes/infer-shapes.ts";
