// The calls in a PyTorch pickle that are understood, by the name of what is called: the whole allow-list.
// Nothing is executed; each rule says what the call would make (torch/_utils.py, numpy/core/multiarray.py).

import { damaged, unsupported } from "../damage.ts";
import {
  globalName,
  isStructure,
  type PickleEntry,
  type PickleObject,
  type PickleValue,
} from "../pickle/values.ts";
import { storedTypes } from "../weights/stored-types.ts";
import { type NumpyArray, numpyArray, numpyScalar, textAsBytes } from "./numpy-values.ts";
import { isCount, storageOf } from "./storage.ts";
import { checkTorchTensor, type TorchTensor } from "./torch-tensor.ts";

/** What a call would make, as far as it is data. */
export type Made =
  | TorchTensor
  | NumpyArray
  | { readonly kind: "entries"; readonly entries: readonly PickleEntry[] }
  | { readonly kind: "value"; readonly value: PickleValue };

type Rule = (call: PickleObject, file: string) => Made;

const value = (of: PickleValue): Made => ({ kind: "value", value: of });

const rules: Readonly<Record<string, Rule>> = {
  "collections.OrderedDict": ({ args: [given], entries }) => ({
    kind: "entries",
    entries: [...entriesOf(given), ...entries],
  }),
  "collections.defaultdict": ({ entries }) => ({ kind: "entries", entries }),
  "collections.Counter": ({ args: [given] }) => ({ kind: "entries", entries: entriesOf(given) }),
  "builtins.set": ({ args: [given = null] }) => value(given),
  "torch.Size": ({ args: [given = null] }) => value(given),
  "torch.device": ({ args: [given = null] }) => value(given),

  "torch._utils._rebuild_tensor": tensorOf,
  "torch._utils._rebuild_tensor_v2": tensorOf,
  // The seventh argument is the type, for storages that have none.
  "torch._utils._rebuild_tensor_v3": tensorOf,
  "torch._utils._rebuild_parameter": ({ args }, file) => tensorIn(args[0], file),
  "torch._utils._rebuild_parameter_with_state": ({ args }, file) => tensorIn(args[0], file),
  // A sub-class of tensor: the function that makes its numbers, the class, that function's arguments.
  "torch._tensor._rebuild_from_type_v2": ({ args: [callable = null, , given] }, file) =>
    tensorIn({ kind: "object", callable, args: itemsOf(given), items: [], entries: [] }, file),

  "numpy.core.multiarray._reconstruct": numpyArray,
  "numpy._core.multiarray._reconstruct": numpyArray,
  "numpy.core.multiarray.scalar": numpyScalar,
  "numpy._core.multiarray.scalar": numpyScalar,
  "_codecs.encode": ({ args: [text] }, file) => value(textAsBytes(text, file)),
};

/** What a call would make; undefined where it is not known. */
export function madeBy(call: PickleObject, file: string): Made | undefined {
  const name = globalName(call.callable);
  return name !== undefined && Object.hasOwn(rules, name) ? rules[name](call, file) : undefined;
}

function tensorOf({ args }: PickleObject, file: string): TorchTensor {
  const [reference, offset, size, stride, , , dtype] = args;
  if (!isStructure(reference) || reference.kind !== "persistent") {
    throw notATensor(reference, "a storage", file);
  }
  const storage = storageOf(reference.id, file);
  const type = storage.type ?? typeNamed(globalName(dtype), file);
  const [shape, strides] = [countsOf(size, file), countsOf(stride, file)];
  if (!isCount(offset) || shape.length !== strides.length) {
    throw damaged(file, { expected: "a stride for each axis of a tensor", found: "other numbers" });
  }
  return checkTorchTensor({ kind: "tensor", type, shape, strides, offset, storage }, file);
}

/** The tensor that an argument describes. */
function tensorIn(given: PickleValue | undefined, file: string): TorchTensor {
  const isCall = isStructure(given) && given.kind === "object";
  const made = isCall && given.args.length > 0 ? madeBy(given, file) : undefined;
  if (made?.kind === "tensor") return made;
  throw notATensor(given, "a tensor", file);
}

function notATensor(given: PickleValue | undefined, expected: string, file: string): Error {
  const callable = isStructure(given) && given.kind === "object" ? given.callable : given;
  const name = globalName(callable);
  if (name === undefined) {
    return damaged(file, { expected: `${expected} to make a tensor of`, found: "another value" });
  }
  return unsupported(file, {
    expected: `${expected} to make a tensor of`,
    found: `a call of ${name}, which is not executed`,
    remedy: "Save plain tensors: torch.save(model.state_dict(), path).",
  });
}

function typeNamed(name: string | undefined, file: string) {
  // PyTorch's names of the two common floats of 8 bits say that they have no infinities ("fn").
  const type = storedTypes.get((name ?? "").replace(/^torch\./, "").replace(/fnu?$/, ""));
  if (type) return type;
  throw unsupported(file, {
    expected: `tensors of ${[...storedTypes.keys()].join(", ")}`,
    found: name ?? "one without a type",
    remedy: "Convert it before saving: tensor.float().",
  });
}

function countsOf(given: PickleValue | undefined, file: string): number[] {
  const items = isStructure(given) && given.kind === "object" ? given.args[0] : given;
  const counts = itemsOf(items);
  if (isStructure(items) && counts.every(isCount)) return [...counts] as number[];
  throw damaged(file, { expected: "lengths and strides of a tensor", found: "other values" });
}

function itemsOf(given: PickleValue | undefined): readonly PickleValue[] {
  const isSequence = isStructure(given) && (given.kind === "tuple" || given.kind === "list");
  return isSequence ? given.items : [];
}

/** Of a dict, or of a list of pairs. */
function entriesOf(given: PickleValue | undefined): readonly PickleEntry[] {
  if (isStructure(given) && given.kind === "dict") return given.entries;
  return itemsOf(given).map((pair): PickleEntry => {
    const [key = null, of = null] = itemsOf(pair);
    return [key, of];
  });
}
