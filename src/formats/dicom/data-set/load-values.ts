// Fetches the values that were left in a file, so that a data set stands for itself.

import type { ByteSource } from "../../../base/index.ts";
import type { DataSet, Element, FragmentsElement, Tag } from "./data-set.ts";
import { readElementBytes } from "./read-dicom.ts";

/** The data set with every "left" value in memory; fragments stay as they are. */
export async function loadValues(source: ByteSource, dataSet: DataSet): Promise<DataSet> {
  const elements = new Map<Tag, Element>();
  for (const [tag, element] of dataSet.elements) {
    elements.set(tag, await loadElement(source, element));
  }
  return { ...dataSet, elements };
}

/** The fragments of encapsulated pixel data, read. */
export async function loadFragments(
  source: ByteSource,
  { fragments }: FragmentsElement,
): Promise<Uint8Array[]> {
  const loaded: Uint8Array[] = [];
  for (const { offset, length } of fragments) loaded.push(await source.read(offset, length));
  return loaded;
}

async function loadElement(source: ByteSource, element: Element): Promise<Element> {
  const { tag, vr } = element;
  if (element.kind === "left") {
    return { kind: "value", tag, vr, bytes: await readElementBytes(source, element) };
  }
  if (element.kind !== "sequence") return element;
  const items: DataSet[] = [];
  for (const item of element.items) items.push(await loadValues(source, item));
  return { ...element, items };
}
