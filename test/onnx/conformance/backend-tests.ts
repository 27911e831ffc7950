// The backend tests of the ONNX project in ../shared/data/onnx: a model, inputs and expected outputs a folder.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { decodeModel, type OnnxModel, type OnnxTensor } from "../../../src/onnx/index.ts";

const root = new URL("../../../../shared/data/onnx/", import.meta.url);

/** Whether the data are there. */
export const hasBackendTests = existsSync(root);

/** "node/test_abs", … */
export function backendTestNames(): string[] {
  return ["node", "pytorch-operator"].flatMap((suite) =>
    readdirSync(new URL(`${suite}/`, root))
      .sort()
      .map((name) => `${suite}/${name}`),
  );
}

/** One case: feeds and expected outputs by name. */
export interface BackendTest {
  readonly model: OnnxModel;
  readonly bytes: Uint8Array;
  readonly feeds: Record<string, OnnxTensor>;
  readonly expected: Record<string, OnnxTensor>;
}

/** Reads a case; a value that is no tensor is reported as the reader of models does. */
export function readBackendTest(name: string): BackendTest {
  const folder = new URL(`${name}/`, root);
  const bytes = Uint8Array.from(readFileSync(new URL("model.onnx", folder)));
  const model = decodeModel(bytes);
  const data = new URL("test_data_set_0/", folder);
  const files = readdirSync(data);
  const read = (prefix: string, values: readonly { readonly name: string }[]) =>
    Object.fromEntries(
      values.flatMap((value, index) => {
        const file = `${prefix}_${index}.pb`;
        const found = files.includes(file) && Uint8Array.from(readFileSync(new URL(file, data)));
        return found ? [[value.name, decodeTensor(found)] as const] : [];
      }),
    );
  return {
    model,
    bytes,
    feeds: read("input", model.graph.inputs),
    expected: read("output", model.graph.outputs),
  };
}

/** A file of one TensorProto, read as the only initializer of a model. */
function decodeTensor(tensor: Uint8Array): OnnxTensor {
  const graph = field(5, tensor);
  const opset = field(8, new Uint8Array());
  return decodeModel(join(field(7, graph), opset)).graph.initializers[0];
}

/** A length-delimited protobuf field. */
function field(number: number, content: Uint8Array): Uint8Array {
  const head = [(number << 3) | 2];
  let length = content.length;
  for (; length > 127; length = Math.floor(length / 128)) head.push((length % 128) | 128);
  return join(Uint8Array.from([...head, length]), content);
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
