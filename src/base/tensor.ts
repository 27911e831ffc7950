// A tensor as files hold it: any dtype, any shape, with strides so that column-major data need no copy.

/** Element types; `complex` holds real and imaginary parts interleaved, `string` one string an element. */
export type DType =
  | "bool"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "float16"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128"
  | "string";

/** bool is Uint8Array of 0 and 1; float16 is held exactly as Float32Array; complex is interleaved. */
export type TensorData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | string[];

/** An array of any number of dimensions, in the memory order of its strides. */
export interface Tensor {
  readonly dtype: DType;
  /** Empty for a single value. */
  readonly shape: readonly number[];
  /** Elements (not bytes) between neighbours along each axis. */
  readonly strides: readonly number[];
  readonly data: TensorData;
}

/** Strides of C order: the last axis is fastest. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Strides of Fortran order: the first axis is fastest. */
export function columnMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = 0; axis < shape.length; axis++) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Number of elements: the product of the shape, 1 for a single value. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}
