// MAT-files level 5 (MATLAB 5 to 7): a header of 128 bytes, then one data element a variable.

import type { ByteSource } from "../../base/index.ts";
import { damaged, truncated } from "../damage.ts";
import type { ByteOrder } from "../elements/byte-order.ts";
import { allocateBytes } from "../elements/element-types.ts";
import { inflateMatrix } from "./level5-inflate.ts";
import { readMatrixVariable } from "./level5-matrix.ts";
import type { ElementCursor } from "./level5-tags.ts";
import { elementCursor, storage } from "./level5-tags.ts";
import type { MatVariable } from "./mat-value.ts";

const headerBytes = 128;

/** Reads every variable, in file order. */
export async function readLevel5(source: ByteSource): Promise<MatVariable[]> {
  const order = byteOrder(await source.read(0, headerBytes), source.name);
  const variables: MatVariable[] = [];
  let at = headerBytes;
  while (at < source.byteLength) {
    const { cursor, next } = await variableCursor(source, at, order);
    const variable = readMatrixVariable(cursor);
    // The element without a name is MATLAB's own: what function handles and objects refer to.
    if (variable.name !== "") variables.push(variable);
    at = next;
  }
  return variables;
}

/** The characters MI, read as a number in the writer's order. */
function byteOrder(header: Uint8Array, name: string): ByteOrder {
  const mark = String.fromCharCode(header[126], header[127]);
  if (mark === "IM") return "little";
  if (mark === "MI") return "big";
  throw damaged(name, {
    expected: "the byte order mark IM or MI of a MAT-file",
    found: JSON.stringify(mark),
  });
}

async function variableCursor(
  source: ByteSource,
  at: number,
  order: ByteOrder,
): Promise<{ cursor: ElementCursor; next: number }> {
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
  const bytes = allocateBytes(length, source.name);
  await source.readInto(at + 8, bytes);
  const content = type === storage.compressed ? inflateMatrix(bytes, order, source.name) : bytes;
  return { cursor: elementCursor(content, order, source.name), next: at + 8 + length };
}
