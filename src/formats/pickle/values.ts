// What a pickle describes, as data: calls are written down, never made.

/** A value of a pickle. Numbers beyond 2⁵³ are bigint, bytes are views of the file. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleSet
  | PickleGlobal
  | PickleObject
  | PicklePersistent;

interface PickleList {
  readonly kind: "list";
  readonly items: PickleValue[];
}

interface PickleTuple {
  readonly kind: "tuple";
  readonly items: readonly PickleValue[];
}

interface PickleDict {
  readonly kind: "dict";
  /** In order; of equal keys the last counts. */
  readonly entries: PickleEntry[];
}

export type PickleEntry = readonly [key: PickleValue, value: PickleValue];

interface PickleSet {
  readonly kind: "set";
  readonly items: PickleValue[];
}

/** The name of a class or function; nothing is imported. */
interface PickleGlobal {
  readonly kind: "global";
  /** With its module: "torch._utils._rebuild_tensor_v2". */
  readonly name: string;
}

/** What a call would make: the callable with its arguments, and what would be put into the result. */
export interface PickleObject {
  readonly kind: "object";
  readonly callable: PickleValue;
  readonly args: readonly PickleValue[];
  /** Given to __setstate__ or put into the object's attributes. */
  state?: PickleValue;
  /** Appended or added to it. */
  readonly items: PickleValue[];
  /** Set by key. */
  readonly entries: PickleEntry[];
}

/** A reference to what lies outside of the pickle, such as a storage. */
interface PicklePersistent {
  readonly kind: "persistent";
  readonly id: PickleValue;
}

/** Values that are a kind of object; the rest is plain. */
export type PickleStructure = Extract<PickleValue, { kind: string }>;

/** Whether a value has a kind, that is, isn't plain. */
export function isStructure(value: PickleValue | undefined): value is PickleStructure {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** The name of a global, undefined for anything else. */
export function globalName(value: PickleValue | undefined): string | undefined {
  return isStructure(value) && value.kind === "global" ? value.name : undefined;
}
