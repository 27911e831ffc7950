// A pickle machine that makes data of a pickle and executes nothing: a call of a function or class becomes
// an object that names it (CPython Lib/pickle.py, class _Unpickler, has the meaning of each operation).

import { damaged, unsupported } from "../damage.ts";
import { integerOfBytes, integerOfText } from "./integers.ts";
import {
  type Operation,
  type OperationName,
  type PickleCursor,
  pickleCursor,
  readOperation,
} from "./opcodes.ts";
import { isStructure, type PickleEntry, type PickleObject, type PickleValue } from "./values.ts";

/** The value of a pickle and where in the bytes it ends. */
export interface ReadPickle {
  readonly value: PickleValue;
  readonly end: number;
  /** Every reference to what lies outside, in order. */
  readonly persistent: readonly PickleValue[];
}

/** Each operation makes one value at most: so memory is bounded too. A state of 10,000 tensors has 300,000. */
const mostOperations = 5_000_000;
const newestProtocol = 5;

/**
 * Reads the pickle that begins at a position.
 * @throws RoentgenError "file-truncated" where the bytes end within it, "file-corrupt", "format-unsupported"
 *   (references out of the file, newer protocols), "too-large" where it has more than 5 million operations
 */
export function readPickle(bytes: Uint8Array, file: string, start = 0): ReadPickle {
  const cursor = pickleCursor(bytes, start, file);
  const machine: Machine = { stack: [], marks: [], memo: new Map(), persistent: [], file };
  for (let count = 0; count < mostOperations; count++) {
    const operation = readOperation(cursor);
    if (operation.name === "STOP") {
      return { value: pop(machine), end: cursor.at, persistent: machine.persistent };
    }
    perform(machine, operation);
  }
  throw tooLong(cursor);
}

interface Machine {
  readonly stack: PickleValue[];
  /** Heights of the stack at which a mark was set. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
  readonly persistent: PickleValue[];
  readonly file: string;
}

type Rule = (machine: Machine, argument: never) => void;

const text = new TextDecoder();

/** Python 2 strings are bytes without a word on their encoding. */
const byteString = (bytes: Uint8Array) => latin1(bytes);
const latin1 = (bytes: Uint8Array) => {
  let all = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    all += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return all;
};

const pushing =
  <A>(valueFor: (argument: A, machine: Machine) => PickleValue) =>
  (machine: Machine, argument: A) => {
    machine.stack.push(valueFor(argument, machine));
  };

const tupleOf = (count: number) => (machine: Machine) => {
  const items = Array.from({ length: count }, () => pop(machine)).reverse();
  machine.stack.push({ kind: "tuple", items });
};

const rules: Readonly<Record<Exclude<OperationName, "STOP">, Rule>> = {
  PROTO: (machine, version: number) => {
    if (version <= newestProtocol) return;
    throw unsupported(machine.file, {
      expected: `pickle protocol ${newestProtocol} or older`,
      found: `protocol ${version}`,
    });
  },
  FRAME: () => {},

  MARK: ({ stack, marks }) => void marks.push(stack.length),
  POP: (machine) => {
    if (machine.marks.at(-1) === machine.stack.length) machine.marks.pop();
    else pop(machine);
  },
  POP_MARK: (machine) => void popToMark(machine),
  DUP: (machine) => void machine.stack.push(top(machine)),

  GET: (machine, line: string) => recall(machine, Number(line)),
  BINGET: recall,
  LONG_BINGET: recall,
  PUT: (machine, line: string) => memorise(machine, Number(line)),
  BINPUT: memorise,
  LONG_BINPUT: memorise,
  MEMOIZE: (machine) => memorise(machine, machine.memo.size),

  NONE: pushing(() => null),
  NEWTRUE: pushing(() => true),
  NEWFALSE: pushing(() => false),
  BININT: pushing((value: number) => value),
  BININT1: pushing((value: number) => value),
  BININT2: pushing((value: number) => value),
  INT: pushing((line: string, { file }) =>
    // Protocol 0 writes truth so.
    line === "01" ? true : line === "00" ? false : integerOfText(line, file),
  ),
  LONG: pushing((line: string, { file }) => integerOfText(line.replace(/L$/, ""), file)),
  LONG1: pushing((bytes: Uint8Array, { file }) => integerOfBytes(bytes, file)),
  LONG4: pushing((bytes: Uint8Array, { file }) => integerOfBytes(bytes, file)),
  FLOAT: pushing((line: string) => Number(line)),
  BINFLOAT: pushing((value: number) => value),

  STRING: pushing((line: string) => line.replace(/^(['"])(.*)\1$/, "$2")),
  BINSTRING: pushing(byteString),
  SHORT_BINSTRING: pushing(byteString),
  UNICODE: pushing((line: string) => line),
  BINUNICODE: pushing((bytes: Uint8Array) => text.decode(bytes)),
  SHORT_BINUNICODE: pushing((bytes: Uint8Array) => text.decode(bytes)),
  BINUNICODE8: pushing((bytes: Uint8Array) => text.decode(bytes)),
  BINBYTES: pushing((bytes: Uint8Array) => bytes),
  SHORT_BINBYTES: pushing((bytes: Uint8Array) => bytes),
  BINBYTES8: pushing((bytes: Uint8Array) => bytes),
  BYTEARRAY8: pushing((bytes: Uint8Array) => bytes),

  EMPTY_TUPLE: tupleOf(0),
  TUPLE1: tupleOf(1),
  TUPLE2: tupleOf(2),
  TUPLE3: tupleOf(3),
  TUPLE: (machine) => void machine.stack.push({ kind: "tuple", items: popToMark(machine) }),
  EMPTY_LIST: pushing(() => ({ kind: "list", items: [] })),
  LIST: (machine) => void machine.stack.push({ kind: "list", items: popToMark(machine) }),
  EMPTY_SET: pushing(() => ({ kind: "set", items: [] })),
  FROZENSET: (machine) => void machine.stack.push({ kind: "set", items: popToMark(machine) }),
  EMPTY_DICT: pushing(() => ({ kind: "dict", entries: [] })),
  DICT: (machine) => {
    const entries = pairs(popToMark(machine), machine);
    machine.stack.push({ kind: "dict", entries });
  },

  APPEND: (machine) => addItems(machine, [pop(machine)]),
  APPENDS: (machine) => addItems(machine, popToMark(machine)),
  ADDITEMS: (machine) => addItems(machine, popToMark(machine)),
  SETITEM: (machine) => addEntries(machine, [pop(machine), pop(machine)].reverse()),
  SETITEMS: (machine) => addEntries(machine, popToMark(machine)),

  GLOBAL: pushing(([module, name]: readonly [string, string]) => named(module, name)),
  STACK_GLOBAL: (machine) => {
    const [name, module] = [pop(machine), pop(machine)];
    if (typeof name !== "string" || typeof module !== "string") {
      throw misplaced(machine, "the name of a class or function");
    }
    machine.stack.push(named(module, name));
  },
  REDUCE: call,
  NEWOBJ: call,
  NEWOBJ_EX: (machine) => {
    const keywords = pop(machine);
    call(machine);
    addState(machine, keywords);
  },
  INST: (machine, [module, name]: readonly [string, string]) =>
    void machine.stack.push(calling(named(module, name), popToMark(machine))),
  OBJ: (machine) => {
    const [callable = null, ...args] = popToMark(machine);
    machine.stack.push(calling(callable, args));
  },
  BUILD: (machine) => addState(machine, pop(machine)),
  PERSID: (machine, id: string) => refer(machine, id),
  BINPERSID: (machine) => refer(machine, pop(machine)),
};

function perform(machine: Machine, { name, argument }: Operation): void {
  rules[name as keyof typeof rules](machine, argument as never);
}

function named(module: string, name: string): PickleValue {
  return { kind: "global", name: `${module}.${name}` };
}

function calling(callable: PickleValue, args: readonly PickleValue[]): PickleObject {
  return { kind: "object", callable, args, items: [], entries: [] };
}

/** Writes down the call of what lies below a tuple of arguments. */
function call(machine: Machine): void {
  const args = pop(machine);
  const callable = pop(machine);
  if (!isStructure(args) || args.kind !== "tuple") throw misplaced(machine, "arguments of a call");
  machine.stack.push(calling(callable, args.items));
}

function refer({ stack, persistent }: Machine, id: PickleValue): void {
  persistent.push(id);
  stack.push({ kind: "persistent", id });
}

function addItems(machine: Machine, items: readonly PickleValue[]): void {
  const holder = top(machine);
  const takes =
    isStructure(holder) &&
    (holder.kind === "list" || holder.kind === "set" || holder.kind === "object");
  if (!takes) throw misplaced(machine, "a list or set to add to");
  for (const item of items) holder.items.push(item);
}

function addEntries(machine: Machine, flat: readonly PickleValue[]): void {
  const holder = top(machine);
  const takes = isStructure(holder) && (holder.kind === "dict" || holder.kind === "object");
  if (!takes) throw misplaced(machine, "a dict to set an item of");
  for (const entry of pairs(flat, machine)) holder.entries.push(entry);
}

function addState(machine: Machine, state: PickleValue): void {
  const holder = top(machine);
  // What has no attributes of its own to set (a dict's metadata, say) loses nothing that a tensor needs.
  if (isStructure(holder) && holder.kind === "object") holder.state = state;
}

function pairs(flat: readonly PickleValue[], machine: Machine): PickleEntry[] {
  if (flat.length % 2 !== 0) throw misplaced(machine, "keys with their values");
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at], flat[2 * at + 1]]);
}

function pop(machine: Machine): PickleValue {
  const floor = machine.marks.at(-1) ?? 0;
  if (machine.stack.length <= floor) throw misplaced(machine, "a value on the stack");
  return machine.stack.pop() as PickleValue;
}

function top(machine: Machine): PickleValue {
  const value = machine.stack.at(-1);
  if (value === undefined) throw misplaced(machine, "a value on the stack");
  return value;
}

function popToMark({ stack, marks, file }: Machine): PickleValue[] {
  const mark = marks.pop();
  if (mark === undefined) throw misplaced({ file }, "a mark on the stack");
  return stack.splice(mark);
}

function memorise(machine: Machine, index: number): void {
  machine.memo.set(index, top(machine));
}

function recall(machine: Machine, index: number): void {
  const value = machine.memo.get(index);
  if (value === undefined) throw misplaced(machine, `a value with number ${index} in the memo`);
  machine.stack.push(value);
}

function misplaced({ file }: Pick<Machine, "file">, expected: string): Error {
  return damaged(file, { expected: `${expected} while reading its pickle`, found: "none" });
}

function tooLong({ file }: PickleCursor): Error {
  return unsupported(file, {
    expected: `a pickle of at most ${mostOperations.toLocaleString("en")} operations`,
    found: "a longer one",
    remedy: "Save the tensors alone: torch.save(model.state_dict(), path).",
  });
}
