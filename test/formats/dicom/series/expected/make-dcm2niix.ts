// Writes dcm2niix.json: every series of the shared data, and some of drawn scans, that Debian's dcm2niix converts, held
// to what we read of it. Run from the root, with dcm2niix installed:
// node --conditions=roentgen-source test/formats/dicom/series/expected/make-dcm2niix.ts

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareSet, dcm2niixVersion, type Row } from "../dcm2niix.ts";

const SETS = ["dcm_qa_ts", "dcm_qa_nih", "dcm_qa_enh", "pydicom", "highdicom", "dcmqi"];
const DRAWN = [
  ["ct", "region=chest"],
  ["ct", "region=abdomen"],
  ["brain-mri", "contrast=T1"],
];

const work = mkdtempSync(join(tmpdir(), "roentgen-dcm2niix-"));
try {
  const rows: Row[] = [];
  for (const set of SETS) rows.push(...(await compareSet(set, `../shared/data/dicom/${set}`)));
  for (const [at, [modality, choice]] of DRAWN.entries()) {
    const folder = join(work, `drawn-${at}`);
    const options = ["--count", "1", "--format", "dicom", "--set", choice, "--out", folder];
    const command = ["--conditions=roentgen-source", "test/cli/roentgen.ts", "phantom", modality];
    execFileSync(process.execPath, [...command, ...options], { stdio: "inherit" });
    rows.push(...(await compareSet(`drawn ${modality}, ${choice}`, folder)));
  }
  const json = { reference: dcm2niixVersion(), rows };
  writeFileSync(new URL("dcm2niix.json", import.meta.url), `${JSON.stringify(json, null, 1)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
