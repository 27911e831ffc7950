// dcm2niix, where it is installed, beside our own reader; all series of the shared data are in expected/dcm2niix.json.

import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareSet, dcm2niixVersion } from "./dcm2niix.ts";
import expected from "./expected/dcm2niix.json" with { type: "json" };

const data = "../shared/data/dicom";
const isThere = existsSync(data) && dcm2niixVersion() === expected.reference;

describe.skipIf(!isThere)(
  `Beside dcm2niix ${expected.reference} (skipped without it or ${data})`,
  () => {
    it.each(["dcm_qa_ts", "dcm_qa_enh", "dcmqi", "highdicom"])("%s", async (set) => {
      const rows = await compareSet(set, `${data}/${set}`);
      const known = expected.rows.filter((row) => row.set === set);
      const short = ({ reference, outcome }: { reference: string; outcome: string }) => ({
        reference,
        outcome,
      });
      expect(rows.map(short)).toEqual(known.map(short));
    });
  },
);
