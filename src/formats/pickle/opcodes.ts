// The operations of a pickle, protocols 0 to 5, and the argument each has in the bytes
// (CPython Lib/pickletools.py; PEP 307, 3154 and 574).

import { damaged, truncated, unsupported } from "../damage.ts";

/** How an operation's argument lies in the bytes. */
type ArgumentKind =
  | "none"
  | "uint8"
  | "uint16"
  | "uint32"
  | "int32"
  | "float64"
  | "skip8"
  | "line"
  | "two lines"
  | "bytes of uint8"
  | "bytes of uint32"
  | "bytes of uint64";

/** What `readOperation` gives for an argument. */
type Argument = number | string | Uint8Array | readonly [string, string] | undefined;

const opcodes = {
  40: ["MARK", "none"],
  41: ["EMPTY_TUPLE", "none"],
  46: ["STOP", "none"],
  48: ["POP", "none"],
  49: ["POP_MARK", "none"],
  50: ["DUP", "none"],
  66: ["BINBYTES", "bytes of uint32"],
  67: ["SHORT_BINBYTES", "bytes of uint8"],
  70: ["FLOAT", "line"],
  71: ["BINFLOAT", "float64"],
  73: ["INT", "line"],
  74: ["BININT", "int32"],
  75: ["BININT1", "uint8"],
  76: ["LONG", "line"],
  77: ["BININT2", "uint16"],
  78: ["NONE", "none"],
  80: ["PERSID", "line"],
  81: ["BINPERSID", "none"],
  82: ["REDUCE", "none"],
  83: ["STRING", "line"],
  84: ["BINSTRING", "bytes of uint32"],
  85: ["SHORT_BINSTRING", "bytes of uint8"],
  86: ["UNICODE", "line"],
  88: ["BINUNICODE", "bytes of uint32"],
  93: ["EMPTY_LIST", "none"],
  97: ["APPEND", "none"],
  98: ["BUILD", "none"],
  99: ["GLOBAL", "two lines"],
  100: ["DICT", "none"],
  101: ["APPENDS", "none"],
  103: ["GET", "line"],
  104: ["BINGET", "uint8"],
  105: ["INST", "two lines"],
  106: ["LONG_BINGET", "uint32"],
  108: ["LIST", "none"],
  111: ["OBJ", "none"],
  112: ["PUT", "line"],
  113: ["BINPUT", "uint8"],
  114: ["LONG_BINPUT", "uint32"],
  115: ["SETITEM", "none"],
  116: ["TUPLE", "none"],
  117: ["SETITEMS", "none"],
  125: ["EMPTY_DICT", "none"],
  128: ["PROTO", "uint8"],
  129: ["NEWOBJ", "none"],
  133: ["TUPLE1", "none"],
  134: ["TUPLE2", "none"],
  135: ["TUPLE3", "none"],
  136: ["NEWTRUE", "none"],
  137: ["NEWFALSE", "none"],
  138: ["LONG1", "bytes of uint8"],
  139: ["LONG4", "bytes of uint32"],
  140: ["SHORT_BINUNICODE", "bytes of uint8"],
  141: ["BINUNICODE8", "bytes of uint64"],
  142: ["BINBYTES8", "bytes of uint64"],
  143: ["EMPTY_SET", "none"],
  144: ["ADDITEMS", "none"],
  145: ["FROZENSET", "none"],
  146: ["NEWOBJ_EX", "none"],
  147: ["STACK_GLOBAL", "none"],
  148: ["MEMOIZE", "none"],
  // Frames only tell a reader how much to fetch.
  149: ["FRAME", "skip8"],
  150: ["BYTEARRAY8", "bytes of uint64"],
} as const satisfies Record<number, readonly [string, ArgumentKind]>;

type Opcodes = typeof opcodes;
export type OperationName = Opcodes[keyof Opcodes][0];

/** Operations that lead out of the file; a pickle of tensors has none. */
const refused: Readonly<Record<number, string>> = {
  130: "an entry of Python's extension registry",
  131: "an entry of Python's extension registry",
  132: "an entry of Python's extension registry",
  151: "a buffer outside of the pickle",
  152: "a buffer outside of the pickle",
};

/** Where in the bytes the next operation is read; moved by reading. */
export interface PickleCursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly file: string;
  at: number;
}

export interface Operation {
  readonly name: OperationName;
  readonly argument: Argument;
}

/** Numbers and names of globals are lines; no honest one is longer. */
const mostLineBytes = 2 ** 16;

export function pickleCursor(bytes: Uint8Array, at: number, file: string): PickleCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, file, at };
}

/** Reads an operation and moves behind it. */
export function readOperation(cursor: PickleCursor): Operation {
  const code = cursor.bytes[advance(cursor, 1)];
  const known = opcodes[code as keyof Opcodes] as
    | readonly [OperationName, ArgumentKind]
    | undefined;
  if (known) return { name: known[0], argument: readArgument(cursor, known[1]) };
  if (refused[code]) {
    throw unsupported(cursor.file, { expected: "plain data", found: refused[code] });
  }
  throw damaged(cursor.file, {
    expected: "an operation of a pickle",
    found: `byte 0x${code.toString(16)} at position ${cursor.at - 1} of it`,
  });
}

function readArgument(cursor: PickleCursor, kind: ArgumentKind): Argument {
  const { view } = cursor;
  switch (kind) {
    case "none":
      return undefined;
    case "uint8":
      return view.getUint8(advance(cursor, 1));
    case "uint16":
      return view.getUint16(advance(cursor, 2), true);
    case "uint32":
      return view.getUint32(advance(cursor, 4), true);
    case "int32":
      return view.getInt32(advance(cursor, 4), true);
    case "float64":
      return view.getFloat64(advance(cursor, 8), false);
    case "skip8":
      advance(cursor, 8);
      return undefined;
    case "line":
      return readLine(cursor);
    case "two lines":
      return [readLine(cursor), readLine(cursor)];
    case "bytes of uint8":
      return take(cursor, view.getUint8(advance(cursor, 1)));
    case "bytes of uint32":
      return take(cursor, view.getUint32(advance(cursor, 4), true));
    case "bytes of uint64":
      return take(cursor, Number(view.getBigUint64(advance(cursor, 8), true)));
  }
  return kind satisfies never;
}

/** Moves on by so many bytes and gives where they begin. */
function advance(cursor: PickleCursor, length: number): number {
  const start = cursor.at;
  if (start + length > cursor.bytes.byteLength) {
    throw truncated(cursor.file, {
      expected: `${length} more bytes of a pickle`,
      found: `${cursor.bytes.byteLength - start}`,
    });
  }
  cursor.at += length;
  return start;
}

function take(cursor: PickleCursor, length: number): Uint8Array {
  const start = advance(cursor, length);
  return cursor.bytes.subarray(start, start + length);
}

function readLine(cursor: PickleCursor): string {
  const start = cursor.at;
  const end = cursor.bytes.subarray(start, start + mostLineBytes).indexOf(0x0a);
  if (end >= 0) {
    cursor.at = start + end + 1;
    return new TextDecoder().decode(cursor.bytes.subarray(start, start + end));
  }
  // Whether the line is too long or the bytes end within it.
  advance(cursor, mostLineBytes);
  throw damaged(cursor.file, {
    expected: `lines of at most ${mostLineBytes} bytes in a pickle`,
    found: "a longer one",
  });
}
