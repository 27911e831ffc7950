// A walk through a FlatBuffer along the shape it must have, so that whoever decodes it afterwards meets
// no offset or count beyond the bytes. (flatbuffers.dev, Internals; what the C++ Verifier does)

/** The slots of a table that refer to something; slots of plain numbers need no mention. */
export interface Shape {
  readonly [slot: number]: Part;
}

/** What a slot refers to. Shapes are given by functions, so that they may contain themselves. */
export type Part =
  | { readonly kind: "table"; readonly shape: () => Shape }
  | { readonly kind: "tables"; readonly shape: () => Shape }
  /** A table whose shape the number in another slot tells; a kind not listed refers to nothing. */
  | { readonly kind: "union"; readonly typeSlot: number; readonly shapes: Record<number, Shape> }
  /** Elements of so many bytes; text has single bytes. */
  | { readonly kind: "vector"; readonly elementBytes: number };

const DEEPEST = 64;

/** @throws RangeError where something lies beyond the bytes, or is too deep or shared too often */
export function checkFlatBuffer(bytes: Uint8Array, root: Shape): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let visits = 0;
  checkTable(view.getUint32(0, true), root, 0);

  function checkTable(at: number, shape: Shape, depth: number): void {
    visits++;
    if (depth > DEEPEST || visits > bytes.length) throw new RangeError("metadata too deep");
    const slots = at - view.getInt32(at, true);
    const slotBytes = view.getUint16(slots, true);
    const tableBytes = view.getUint16(slots + 2, true);
    if (slots + slotBytes > bytes.length || at + tableBytes > bytes.length) {
      throw new RangeError("a table beyond the metadata");
    }
    const position = (slot: number): number => {
      const entry = 4 + 2 * slot;
      const offset = entry + 2 <= slotBytes ? view.getUint16(slots + entry, true) : 0;
      return offset === 0 ? 0 : at + offset;
    };
    for (const [slot, part] of Object.entries(shape as Record<string, Part>)) {
      const field = position(Number(slot));
      if (field === 0) continue;
      if (part.kind !== "union") checkPart(field, part, depth);
      else {
        const type = position(part.typeSlot);
        const chosen = part.shapes[type === 0 ? 0 : view.getUint8(type)] ?? {};
        checkTable(field + view.getUint32(field, true), chosen, depth + 1);
      }
    }
  }

  function checkPart(at: number, part: Exclude<Part, { kind: "union" }>, depth: number): void {
    const target = at + view.getUint32(at, true);
    if (part.kind === "table") {
      checkTable(target, part.shape(), depth + 1);
      return;
    }
    const count = view.getUint32(target, true);
    const elementBytes = part.kind === "tables" ? 4 : part.elementBytes;
    if (target + 4 + count * elementBytes > bytes.length) {
      throw new RangeError("a vector beyond the metadata");
    }
    if (part.kind === "vector") return;
    for (let index = 0; index < count; index++) {
      const element = target + 4 + 4 * index;
      checkTable(element + view.getUint32(element, true), part.shape(), depth + 1);
    }
  }
}
