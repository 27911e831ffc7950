// Elements as lines of text, the same as expected/make-elements.py writes of what pydicom reads.

import { createHash } from "node:crypto";
import type { ByteSource } from "../../../../src/base/index.ts";
import type {
  DataSet,
  DicomFile,
  Element,
} from "../../../../src/formats/dicom/data-set/data-set.ts";
import { readNumbers } from "../../../../src/formats/dicom/data-set/number-values.ts";
import { readElementBytes } from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import { parseDecimal, textsOfValue } from "../../../../src/formats/dicom/data-set/values.ts";

const NUMBERS = new Set("DS IS US SS UL SL UV SV FL FD AT".split(" "));
const BYTES = new Set("OB OW OD OF OL OV UN".split(" "));

export async function canonicalLines(source: ByteSource, file: DicomFile): Promise<string[]> {
  const lines: string[] = [];
  await addLines(lines, source, file.meta, "");
  await addLines(lines, source, file.dataSet, "");
  return lines;
}

export function digest(text: string | Uint8Array): string {
  return createHash("sha1").update(text).digest("hex");
}

async function addLines(
  lines: string[],
  source: ByteSource,
  dataSet: DataSet,
  path: string,
): Promise<void> {
  const elements = [...dataSet.elements.values()].sort((a, b) => a.tag - b.tag);
  for (const element of elements) {
    const name = path + element.tag.toString(16).padStart(8, "0");
    if (element.kind !== "sequence") {
      lines.push(`${name} ${element.vr} ${await canonicalValue(source, element, dataSet)}`);
      continue;
    }
    lines.push(`${name} SQ ${element.items.length}`);
    for (const [index, item] of element.items.entries()) {
      await addLines(lines, source, item, `${name}/${index}/`);
    }
  }
}

async function canonicalValue(
  source: ByteSource,
  element: Exclude<Element, { kind: "sequence" }>,
  dataSet: DataSet,
): Promise<string> {
  const { vr } = element;
  const bytes = await readElementBytes(source, element);
  if (BYTES.has(vr)) return digest(bytes);
  if (!NUMBERS.has(vr))
    return textsOfValue({ vr, bytes }, dataSet)
      .join("\\")
      .replace(/^ +| +$/g, "");
  const isText = vr === "DS" || vr === "IS";
  const values = isText
    ? textsOfValue({ vr, bytes }, dataSet)
        .filter((one) => one !== "")
        .map(parseDecimal)
    : readNumbers(vr, bytes, dataSet.littleEndian);
  return values
    .map((value) => Buffer.from(Float64Array.of(value).buffer).toString("hex"))
    .join(",");
}
