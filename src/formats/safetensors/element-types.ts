// Names of element types in safetensors headers (safetensors/src/tensor.rs, enum Dtype).

/** The header's name of each stored type; floats of 4 and 6 bits are not read. */
export const namesOfTypes: Readonly<Record<string, string>> = {
  bool: "BOOL",
  uint8: "U8",
  int8: "I8",
  uint16: "U16",
  int16: "I16",
  uint32: "U32",
  int32: "I32",
  uint64: "U64",
  int64: "I64",
  float16: "F16",
  float32: "F32",
  float64: "F64",
  complex64: "C64",
  bfloat16: "BF16",
  float8_e4m3: "F8_E4M3",
  float8_e5m2: "F8_E5M2",
  float8_e8m0: "F8_E8M0",
};

/** The stored type of each name in a header. */
export const typesOfNames: ReadonlyMap<string, string> = new Map(
  Object.entries(namesOfTypes).map(([type, name]) => [name, type]),
);
