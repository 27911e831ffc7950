// ONNX's backend tests in ../shared/data/onnx: a model, its inputs and what it should give.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decodeMessage } from "../../src/onnx/file/read-message.ts";
import { readTensor } from "../../src/onnx/file/read-tensor.ts";
import { decodeModel, type OnnxModel, type OnnxTensor } from "../../src/onnx/index.ts";

const root = "../shared/data/onnx";

export const hasBackendCases = existsSync(root);

export interface BackendCase {
  readonly name: string;
  readonly model: OnnxModel;
  /** By input name; undefined where an input is no tensor. */
  readonly feeds: Readonly<Record<string, OnnxTensor>> | undefined;
}

/** All cases, one after another. */
export function* backendCases(): Generator<BackendCase> {
  for (const suite of ["node", "pytorch-operator"]) {
    for (const name of readdirSync(`${root}/${suite}`)) {
      const model = decodeModel(readFileSync(`${root}/${suite}/${name}/model.onnx`));
      yield { name, model, feeds: feedsOf(`${root}/${suite}/${name}/test_data_set_0`, model) };
    }
  }
}

function feedsOf(folder: string, model: OnnxModel): Record<string, OnnxTensor> | undefined {
  const initialised = new Set(model.graph.initializers.map(({ name }) => name));
  const inputs = model.graph.inputs.filter(({ name }) => !initialised.has(name));
  if (inputs.some(({ container }) => container)) return undefined;
  return Object.fromEntries(
    inputs.map(({ name }, at) => {
      const bytes = readFileSync(`${folder}/input_${at}.pb`);
      return [name, readTensor(decodeMessage("TensorProto", bytes))];
    }),
  );
}
