// ONNX's backend tests in ../shared/data/onnx: a model, its inputs and what it should give.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decodeMessage } from "../../src/onnx/file/read-message.ts";
import { readTensor } from "../../src/onnx/file/read-tensor.ts";
import {
  decodeModel,
  type OnnxModel,
  type OnnxTensor,
  type OnnxValue,
} from "../../src/onnx/index.ts";

const root = "../shared/data/onnx";

export const hasBackendCases = existsSync(root);

export interface BackendCase {
  /** "node/test_abs". */
  readonly name: string;
  readonly model: OnnxModel;
  /** By input name; undefined where an input is no tensor. */
  readonly feeds: Readonly<Record<string, OnnxTensor>> | undefined;
  /** By output name; undefined where an output is no tensor. */
  readonly expected: Readonly<Record<string, OnnxTensor>> | undefined;
}

/** All cases, one after another. */
export function* backendCases(): Generator<BackendCase> {
  for (const suite of ["node", "pytorch-operator"]) {
    for (const name of readdirSync(`${root}/${suite}`).sort()) {
      const model = decodeModel(readFileSync(`${root}/${suite}/${name}/model.onnx`));
      const folder = `${root}/${suite}/${name}/test_data_set_0`;
      const initialised = new Set(model.graph.initializers.map((one) => one.name));
      const inputs = model.graph.inputs.filter((one) => !initialised.has(one.name));
      yield {
        name: `${suite}/${name}`,
        model,
        feeds: tensorsOf(`${folder}/input`, inputs),
        expected: tensorsOf(`${folder}/output`, model.graph.outputs),
      };
    }
  }
}

/** Tensors of the files `${prefix}_0.pb`, `${prefix}_1.pb`, … by the names of what they are for. */
function tensorsOf(
  prefix: string,
  values: readonly OnnxValue[],
): Record<string, OnnxTensor> | undefined {
  if (values.some(({ container }) => container)) return undefined;
  return Object.fromEntries(
    values.flatMap(({ name }, at) => {
      const file = `${prefix}_${at}.pb`;
      if (!existsSync(file)) return [];
      return [[name, readTensor(decodeMessage("TensorProto", readFileSync(file)))] as const];
    }),
  );
}
