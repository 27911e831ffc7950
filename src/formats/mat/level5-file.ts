// MAT-files level 5 (MATLAB 5 to 7): a header of 128 bytes, then one data element a variable.

import type { ByteSource } from "../../base/index.ts";
import { damaged, truncated } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { inflateMatrix, inflateStart } from "./level5-inflate.ts";
import type { ArrayHeader } from "./level5-matrix.ts";
import { arrayClass, readArrayHeader, readMatrixVariable } from "./level5-matrix.ts";
import { elementCursor, storage } from "./level5-tags.ts";
import type { MatEntry } from "./mat-entry.ts";
import type { MatVariable } from "./mat-value.ts";

interface VariableElement {
  readonly compressed: boolean;
  /** Where its bytes begin, after the tag. */
  readonly start: number;
  readonly length: number;
}

const headerBytes = 128;
/** Flags, dimensions and name of an array are shorter, unless it has hundreds of dimensions. */
const arrayHeaderBytes = 2048;

/** Reads the variables, in file order: all, or those that are wanted. */
export async function readLevel5(
  source: ByteSource,
  wanted?: ReadonlySet<string>,
): Promise<MatVariable[]> {
  const order = await readByteOrder(source);
  const variables: MatVariable[] = [];
  for await (const element of variableElements(source, order)) {
    if (wanted && !wanted.has((await peek(source, element, order)).name)) continue;
    const bytes = allocateBytes(element.length, source.name);
    await source.readInto(element.start, bytes);
    const content = element.compressed ? inflateMatrix(bytes, order, source.name) : bytes;
    const variable = readMatrixVariable(elementCursor(content, order, source.name));
    // The element without a name is MATLAB's own: what function handles and objects refer to.
    if (variable.name !== "") variables.push(variable);
  }
  return variables;
}

/** Names, classes and shapes, from the first bytes of each variable. */
export async function listLevel5(source: ByteSource): Promise<MatEntry[]> {
  const order = await readByteOrder(source);
  const entries: MatEntry[] = [];
  for await (const element of variableElements(source, order)) {
    const header = await peek(source, element, order);
    if (header.name !== "") entries.push(entryOf(header));
  }
  return entries;
}

/** The characters MI, read as a number in the writer's order. */
async function readByteOrder(source: ByteSource): Promise<ByteOrder> {
  const header = await source.read(0, headerBytes);
  const mark = String.fromCharCode(header[126], header[127]);
  if (mark === "IM") return "little";
  if (mark === "MI") return "big";
  throw damaged(source.name, {
    expected: "the byte order mark IM or MI of a MAT-file",
    found: JSON.stringify(mark),
  });
}

async function* variableElements(
  source: ByteSource,
  order: ByteOrder,
): AsyncGenerator<VariableElement> {
  for (let at = headerBytes; at < source.byteLength; ) {
    const tag = await source.read(at, 8);
    const view = new DataView(tag.buffer, tag.byteOffset, 8);
    const type = view.getUint32(0, order === "little");
    const length = view.getUint32(4, order === "little");
    if (type !== storage.matrix && type !== storage.compressed) {
      throw damaged(source.name, {
        expected: `a variable at position ${at}`,
        found: `a data element of type ${type}`,
      });
    }
    if (at + 8 + length > source.byteLength) {
      throw truncated(source.name, {
        expected: `a variable of ${length} bytes at position ${at}`,
        found: `${source.byteLength - at - 8} bytes`,
      });
    }
    yield { compressed: type === storage.compressed, start: at + 8, length };
    at += 8 + length;
  }
}

async function peek(
  source: ByteSource,
  { compressed, start, length }: VariableElement,
  order: ByteOrder,
): Promise<ArrayHeader> {
  const bytes = new Uint8Array(Math.min(length, arrayHeaderBytes));
  await source.readInto(start, bytes);
  const content = compressed ? inflateStart(bytes, source.name) : bytes;
  return readArrayHeader(elementCursor(content, order, source.name));
}

const classNames = new Map<number, string>(
  Object.entries(arrayClass).map(([name, number]) => [number, name]),
);

function entryOf(header: ArrayHeader): MatEntry {
  const { name, shape, complex, logical } = header;
  const sparse = header.class === arrayClass.sparse;
  const stored = sparse ? "double" : (classNames.get(header.class) ?? "unknown");
  return { name, className: logical ? "logical" : stored, shape, complex, sparse };
}
