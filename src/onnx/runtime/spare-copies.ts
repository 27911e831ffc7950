// Spares the copies that onnxruntime-node 1.30 makes of every output that it returns (js/node/src/tensor_helper.cc): new
// memory of the tensor's size each time, though the caller gave memory to write into. For a training step these copies
// cost more than the step's arithmetic.

import type { InferenceSession } from "onnxruntime-node";
import { decodeModel } from "../file/decode.ts";
import { encodeModel } from "../file/encode.ts";
import type { OnnxModel, OnnxValue } from "../model.ts";
import type { RuntimeModel } from "./load-model.ts";
import type { RuntimeTensor, RuntimeTensors, TensorClass } from "./runtime-tensors.ts";

/** What the package says of an output that it can't return. */
const UNRETURNABLE = /non tensor type is temporarily not supported/i;

const MARK = "nothing to return";

/**
 * The model with a first output that the package can't return: an empty sequence. It gives up on it before it copies
 * anything, when the model has run and every output has been written into the memory that was given for it. A package that
 * can return it goes on as before.
 * @returns undefined where not all outputs have known lengths and types that there are arrays for here
 */
export function markForSparing(bytes: Uint8Array): Uint8Array | undefined {
  const model = decodeModel(bytes);
  if (!model.graph.outputs.every(hasRoom)) return undefined;
  const empty = {
    operator: "SequenceEmpty",
    domain: "",
    name: MARK,
    inputs: [],
    outputs: [MARK],
    attributes: {},
  };
  const mark: OnnxValue = {
    name: MARK,
    type: "float32",
    container: { container: "sequence", of: { container: "tensor", type: "float32" } },
  };
  const { graph } = model;
  const marked: OnnxModel = {
    ...model,
    graph: { ...graph, nodes: [empty, ...graph.nodes], outputs: [mark, ...graph.outputs] },
  };
  return encodeModel(marked);
}

/** A marked model that writes its outputs, the lengths of all of which are known, into memory of our own. */
export function sparingModel(session: InferenceSession, tensors: TensorClass): RuntimeModel {
  const outputNames = session.outputNames.filter((name) => name !== MARK);
  return {
    inputNames: session.inputNames,
    outputNames,
    async run(inputs, outputs) {
      const given = outputNames.map((name) => [
        name,
        outputs[name] ?? roomFor(session, name, tensors),
      ]);
      const room: RuntimeTensors = Object.fromEntries(given);
      const fetches = { [MARK]: null, ...room };
      await session.run(inputs as never, fetches as never).catch((cause) => {
        if (!UNRETURNABLE.test(String(cause))) throw cause;
      });
      return room;
    },
    release: () => session.release(),
  };
}

/** Memory for an output by what the model says of it. */
function roomFor(session: InferenceSession, name: string, tensors: TensorClass): RuntimeTensor {
  const about = session.outputMetadata.find((one) => one.name === name);
  if (!about?.isTensor) throw new Error(`output ${name} is no tensor`);
  const shape = about.shape.map(Number);
  const count = shape.reduce((product, length) => product * length, 1);
  const TypedArray = arrays[about.type as keyof typeof arrays] as typeof Float32Array;
  return new tensors(about.type as "float32", new TypedArray(count), shape);
}

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

function hasRoom({ type, shape }: OnnxValue): boolean {
  const isFixed = shape?.every((length) => typeof length === "number") ?? false;
  return isFixed && type !== undefined && type in arrays;
}
