// The types that travel between rooms, errors, random numbers, progress and the ports to the machine.

export { base64 } from "./base64.ts";
export { type ByteSource, checkRange, memorySource } from "./bytes.ts";
export { openCheckpoint } from "./checkpoint.ts";
export { counted } from "./counted.ts";
export { type ErrorCode, type ErrorDetail, RoentgenError, throwIfCancelled } from "./errors.ts";
export {
  type ClassPrediction,
  type ClassTarget,
  type Features,
  type NumberPrediction,
  type NumberTarget,
  type Prediction,
  predictedLabels,
  type Target,
  takeFeatureRows,
  takeTargetRows,
} from "./features.ts";
export {
  type Affine,
  affineLinear,
  applyAffine,
  composeAffines,
  cross,
  determinant,
  dot,
  type Geometry,
  geometryFromAffine,
  IDENTITY,
  indexToWorld,
  invertAffine,
  invertMatrix,
  isOrthonormal,
  type Matrix3,
  makeAffine,
  matrixFromColumns,
  multiply,
  type PatientGeometry,
  type PixelGeometry,
  patientGeometry,
  type Triple,
  transpose,
  voxelCount,
  worldToIndex,
} from "./geometry.ts";
export { type ParsedText, parseNumbers } from "./numeric-text.ts";
export { oneByOne } from "./one-by-one.ts";
export {
  anyOf,
  checkParameters,
  flag,
  integer,
  number,
  type OptionsOf,
  oneOf,
  type Parameters,
  parameters,
  rules,
  type SettingsOf,
  words,
} from "./parameters.ts";
export { portableCos, portableExp, portableLog, portableSin } from "./portable-math.ts";
export { philox, type RandomKey, type RandomStream, randomStream } from "./random.ts";
export { sha256 } from "./sha256.ts";
export {
  type Column,
  columnFinder,
  dropColumns,
  getColumn,
  makeTable,
  type NumberColumn,
  type NumberValues,
  type Table,
  type TextColumn,
  takeColumnRows,
  takeNumbers,
  takeRows,
  textValues,
} from "./table.ts";
export {
  columnMajorStrides,
  type DType,
  elementCount,
  rowMajorStrides,
  type Tensor,
  type TensorData,
} from "./tensor.ts";
export { version } from "./version.ts";
export {
  type ChannelAxis,
  channelCount,
  type Image,
  INTEGER_RANGES,
  imageShape,
  makeImage,
  makeVoxels,
  sharesMemory,
  type Volume,
  type VoxelArray,
  type VoxelType,
  voxelType,
} from "./volume.ts";
export type { ProgressListener, ProgressStep, WorkerPool, WorkOptions } from "./work.ts";
