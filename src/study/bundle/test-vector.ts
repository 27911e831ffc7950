// A few inputs with the output that the model gave when it was made: proof on every machine that it still does.

import { checkParameters, RoentgenError } from "../../base/index.ts";
import type { OnnxTensor } from "../../onnx/index.ts";
import {
  loadTensor,
  type StoredTestVector,
  storeTensor,
  testVectorRules,
} from "./stored-tensor.ts";

type Tensors = Readonly<Record<string, OnnxTensor>>;

/** Tensors in and the tensors that the model gave for them, by name. */
export interface TestVector {
  readonly inputs: Tensors;
  readonly outputs: Tensors;
  /** Largest difference, absolute and relative to values above 1, that floating point may make; 1e-5 by default. */
  readonly tolerance?: number;
}

/** Runs a model: tensors in by name, tensors out by name. `Session.run` of a loaded model is one. */
export type RunModel = (inputs: Tensors) => Promise<Record<string, OnnxTensor>>;

/** The vector as it is stored, checked against its rules. */
export function storeTestVector({
  inputs,
  outputs,
  tolerance = 1e-5,
}: TestVector): StoredTestVector {
  return checkParameters(
    testVectorRules,
    {
      tolerance,
      inputs: mapTensors(inputs, storeTensor),
      outputs: mapTensors(outputs, storeTensor),
    },
    "test vector",
  );
}

/** The stored vector as tensors. Shapes that don't fit their data are refused. */
export function loadTestVector(stored: StoredTestVector): Required<TestVector> {
  return {
    tolerance: stored.tolerance,
    inputs: mapTensors(stored.inputs, loadTensor),
    outputs: mapTensors(stored.outputs, loadTensor),
  };
}

/**
 * Runs the bundle's test vector and compares what comes with what came when the bundle was made.
 * @param run runs the bundle's model
 * @returns the largest difference found
 * @throws RoentgenError "value-invalid" if an output is missing, has another shape or differs
 */
export async function verifyTestVector(
  { testVector }: { readonly testVector: Required<TestVector> },
  run: RunModel,
): Promise<{ largestDifference: number }> {
  const found = await run(testVector.inputs);
  let largestDifference = 0;
  for (const [name, expected] of Object.entries(testVector.outputs)) {
    const difference = compareTensors(name, expected, found[name]);
    largestDifference = Math.max(largestDifference, difference);
    // Written so that NaN, of a value that came where none was expected, fails.
    if (!(difference <= testVector.tolerance)) {
      throw disagreement(
        `"${name}" within ${testVector.tolerance}`,
        `a difference of ${difference}`,
      );
    }
  }
  return { largestDifference };
}

function compareTensors(name: string, expected: OnnxTensor, found: OnnxTensor | undefined): number {
  if (!found) throw disagreement(`an output "${name}"`, "none of that name");
  if (String(expected.shape) !== String(found.shape)) {
    throw disagreement(`"${name}" of shape [${expected.shape}]`, `[${found.shape}]`);
  }
  let largest = 0;
  for (let index = 0; index < expected.data.length; index++) {
    const difference = valueDifference(expected.data[index], found.data[index]);
    if (Number.isNaN(difference)) return difference;
    largest = Math.max(largest, difference);
  }
  return largest;
}

type Value = number | bigint | string;

/** Absolute, or relative where the value is above 1; NaN where the two can't be compared. */
function valueDifference(expected: Value, found: Value): number {
  if (Object.is(expected, found) || expected === found) return 0;
  if (typeof expected === "string" || typeof found === "string") return Number.NaN;
  return Math.abs(Number(expected) - Number(found)) / Math.max(1, Math.abs(Number(expected)));
}

function disagreement(expected: string, found: string): RoentgenError {
  return new RoentgenError("value-invalid", {
    problem: "The model does not give what it gave when its bundle was made",
    expected,
    found,
    remedy: "Don't use it on this machine; update Roentgen, or train the model again.",
    subject: "test-vector.json",
  });
}

function mapTensors<From, To>(
  tensors: Readonly<Record<string, From>>,
  change: (tensor: From) => To,
) {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]),
  );
}
