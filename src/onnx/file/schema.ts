// The messages of onnx.proto that Roentgen reads and writes, as a table of field numbers.
// Source: onnx/onnx.proto up to IR version 13; numbers never change, and fields that are not here are kept as bytes.

/** How a field is held on the wire. A name in capitals is another message of this table. */
type FieldType =
  | "int64"
  | "int32"
  | "float"
  | "double"
  | "uint64"
  | "string"
  | "bytes"
  | MessageName;

export interface Field {
  readonly number: number;
  readonly type: FieldType;
  readonly repeated?: boolean;
}

export type MessageName = keyof typeof messages;

const one = (number: number, type: string) => ({ number, type, repeated: false }) as const;
const many = (number: number, type: string) => ({ number, type, repeated: true }) as const;

const messages = {
  ModelProto: {
    irVersion: one(1, "int64"),
    producerName: one(2, "string"),
    producerVersion: one(3, "string"),
    domain: one(4, "string"),
    modelVersion: one(5, "int64"),
    docString: one(6, "string"),
    graph: one(7, "GraphProto"),
    opsetImport: many(8, "OperatorSetIdProto"),
    metadataProps: many(14, "StringStringEntryProto"),
    trainingInfo: many(20, "TrainingInfoProto"),
    functions: many(25, "FunctionProto"),
  },
  OperatorSetIdProto: { domain: one(1, "string"), version: one(2, "int64") },
  StringStringEntryProto: { key: one(1, "string"), value: one(2, "string") },
  TrainingInfoProto: {
    initialization: one(1, "GraphProto"),
    algorithm: one(2, "GraphProto"),
    initializationBinding: many(3, "StringStringEntryProto"),
    updateBinding: many(4, "StringStringEntryProto"),
  },
  FunctionProto: {
    name: one(1, "string"),
    input: many(4, "string"),
    output: many(5, "string"),
    attribute: many(6, "string"),
    node: many(7, "NodeProto"),
    docString: one(8, "string"),
    opsetImport: many(9, "OperatorSetIdProto"),
    domain: one(10, "string"),
    attributeProto: many(11, "AttributeProto"),
    valueInfo: many(12, "ValueInfoProto"),
    overload: one(13, "string"),
    metadataProps: many(14, "StringStringEntryProto"),
  },
  GraphProto: {
    node: many(1, "NodeProto"),
    name: one(2, "string"),
    initializer: many(5, "TensorProto"),
    docString: one(10, "string"),
    input: many(11, "ValueInfoProto"),
    output: many(12, "ValueInfoProto"),
    valueInfo: many(13, "ValueInfoProto"),
    quantizationAnnotation: many(14, "TensorAnnotation"),
    sparseInitializer: many(15, "SparseTensorProto"),
    metadataProps: many(16, "StringStringEntryProto"),
  },
  TensorAnnotation: {
    tensorName: one(1, "string"),
    quantParameterTensorNames: many(2, "StringStringEntryProto"),
  },
  NodeProto: {
    input: many(1, "string"),
    output: many(2, "string"),
    name: one(3, "string"),
    opType: one(4, "string"),
    attribute: many(5, "AttributeProto"),
    docString: one(6, "string"),
    domain: one(7, "string"),
    overload: one(8, "string"),
    metadataProps: many(9, "StringStringEntryProto"),
  },
  AttributeProto: {
    name: one(1, "string"),
    f: one(2, "float"),
    i: one(3, "int64"),
    s: one(4, "bytes"),
    t: one(5, "TensorProto"),
    g: one(6, "GraphProto"),
    floats: many(7, "float"),
    ints: many(8, "int64"),
    strings: many(9, "bytes"),
    tensors: many(10, "TensorProto"),
    graphs: many(11, "GraphProto"),
    docString: one(13, "string"),
    typeProto: one(14, "TypeProto"),
    typeProtos: many(15, "TypeProto"),
    type: one(20, "int32"),
    refAttrName: one(21, "string"),
    sparseTensor: one(22, "SparseTensorProto"),
    sparseTensors: many(23, "SparseTensorProto"),
  },
  TensorProto: {
    dims: many(1, "int64"),
    dataType: one(2, "int32"),
    floatData: many(4, "float"),
    int32Data: many(5, "int32"),
    stringData: many(6, "bytes"),
    int64Data: many(7, "int64"),
    name: one(8, "string"),
    rawData: one(9, "bytes"),
    doubleData: many(10, "double"),
    uint64Data: many(11, "uint64"),
    docString: one(12, "string"),
    externalData: many(13, "StringStringEntryProto"),
    dataLocation: one(14, "int32"),
    metadataProps: many(16, "StringStringEntryProto"),
  },
  SparseTensorProto: {
    values: one(1, "TensorProto"),
    indices: one(2, "TensorProto"),
    dims: many(3, "int64"),
  },
  ValueInfoProto: {
    name: one(1, "string"),
    type: one(2, "TypeProto"),
    docString: one(3, "string"),
    metadataProps: many(4, "StringStringEntryProto"),
  },
  TypeProto: {
    tensorType: one(1, "TypeProtoTensor"),
    sequenceType: one(4, "TypeProtoElement"),
    mapType: one(5, "TypeProtoMap"),
    denotation: one(6, "string"),
    opaqueType: one(7, "TypeProtoOpaque"),
    sparseTensorType: one(8, "TypeProtoTensor"),
    optionalType: one(9, "TypeProtoElement"),
  },
  TypeProtoTensor: { elemType: one(1, "int32"), shape: one(2, "TensorShapeProto") },
  /** TypeProto.Sequence and TypeProto.Optional, which look the same. */
  TypeProtoElement: { elemType: one(1, "TypeProto") },
  TypeProtoMap: { keyType: one(1, "int32"), valueType: one(2, "TypeProto") },
  TypeProtoOpaque: { domain: one(1, "string"), name: one(2, "string") },
  TensorShapeProto: { dim: many(1, "Dimension") },
  Dimension: {
    dimValue: one(1, "int64"),
    dimParam: one(2, "string"),
    denotation: one(3, "string"),
  },
} as const;

/** Fields of each message by name. */
export const schema = messages as unknown as Record<MessageName, Record<string, Field>>;

/** AttributeProto.AttributeType. */
export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
  sparse: 11,
  sparses: 12,
  type: 13,
  types: 14,
} as const;

/** TensorProto.DataType of each element type. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e4m3fnuz: 18,
  float8e5m2: 19,
  float8e5m2fnuz: 20,
  uint4: 21,
  int4: 22,
  float4e2m1: 23,
  float8e8m0: 24,
  uint2: 25,
  int2: 26,
} as const;
