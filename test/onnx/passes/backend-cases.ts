// The backend tests of the ONNX project as passes want them: a model and tensors to feed it.

import type { OnnxModel, OnnxTensor } from "../../../src/onnx/index.ts";
import { backendTestNames, readBackendTest } from "../conformance/backend-tests.ts";

interface BackendCase {
  readonly name: string;
  readonly model: OnnxModel;
  readonly feeds: Readonly<Record<string, OnnxTensor>>;
}

/** All cases whose inputs are tensors: sequences and optionals are not read. */
export function* backendCases(): Generator<BackendCase> {
  for (const name of backendTestNames()) {
    const test = readTensors(name);
    if (test) yield { name, model: test.model, feeds: test.feeds };
  }
}

function readTensors(name: string): Omit<BackendCase, "name"> | undefined {
  try {
    const test = readBackendTest(name);
    return test.model.graph.inputs.some(({ container }) => container) ? undefined : test;
  } catch {
    return undefined;
  }
}
