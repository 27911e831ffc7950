import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFile } from "#files";
import { readDicom } from "../../../../src/formats/dicom/data-set/read-dicom.ts";
import { canonicalLines, digest } from "./canonical.ts";
import { DICOM_DATA, hasDicomData, unlessAbsent } from "./dicom-data.ts";

/** Cut off within its header: an error here, where pydicom gives what is left. */
const CUT = "rtplan_truncated.dcm";

describe.skipIf(!hasDicomData)(`Every element of a real file${unlessAbsent}`, () => {
  const { files } = JSON.parse(
    readFileSync(join(import.meta.dirname, "expected/elements.json"), "utf8"),
  ) as { files: Record<string, string> };
  const folders = [...new Set(Object.keys(files).map((path) => path.split("/")[0]))];

  it.each(folders)("is as pydicom reads it: %s", async (folder) => {
    const differing: string[] = [];
    for (const [path, expected] of Object.entries(files)) {
      if (!path.startsWith(`${folder}/`) || path.endsWith(CUT)) continue;
      if ((await digestOf(join(DICOM_DATA, path))) !== expected) differing.push(path);
    }
    expect(differing).toEqual([]);
  });

  it("is refused where the file ends within its header", async () => {
    expect(await digestOf(join(DICOM_DATA, "pydicom/test_files", CUT))).toMatch(
      /expected 976 bytes of \(300A,00B0\) BeamSequence.*, found the end of the file at 2129/,
    );
  });
});

async function digestOf(path: string): Promise<string> {
  const source = await openFile(path);
  try {
    const lines = await canonicalLines(source, await readDicom(source));
    return `${lines.length} ${digest(lines.join("\n")).slice(0, 12)}`;
  } catch (cause) {
    return String(cause);
  } finally {
    await source.close();
  }
}
