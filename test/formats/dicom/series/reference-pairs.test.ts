// Every pair of DICOM and reference NIfTI (made by dcm2niix) in the shared data: same voxels, same world
// coordinates, same parameters. What came out is in expected/reference-pairs.json.

import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { openFile } from "../../../../src/base/files-node.ts";
import {
  affineLinear,
  applyAffine,
  indexToWorld,
  makeAffine,
  type Volume,
} from "../../../../src/base/index.ts";
import {
  type Acquisition,
  type DicomVolume,
  type DicomVolumeImage,
  listDicom,
  listedEntries,
  readNifti,
  readVolume,
} from "../../../../src/formats/index.ts";
import outcomes from "./expected/reference-pairs.json" with { type: "json" };
import { comparePair } from "./reference-pairs.ts";

const data = "../shared/data/dicom";

interface Pair {
  readonly set: string;
  readonly folder: string;
  readonly series: number;
  readonly component?: string;
  readonly reference: string;
}

const pairs: Pair[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((series) => ({
    ...{ set: "dcm_qa_ts", folder: "", series, reference: `${series}` },
  })),
  ...[4, 5, 6, 7].map((series) => ({
    ...{ set: "dcm_qa_nih", folder: `20180918GE/mr_000${series}`, series },
    reference: `DCM2NIIX_regression_test_${series}`,
  })),
  ...["AP_3", "PA_4", "RL_5", "LR_6"].map((direction) => ({
    ...{ set: "dcm_qa_nih", folder: "20180918Si", series: Number(direction.slice(-1)) },
    reference: `EPI_PE=${direction}`,
  })),
  { set: "dcm_qa_enh", folder: "Siemens", series: 6, reference: "Siemens_REST1_w_SMS_PF7-8_6" },
  ...[
    ["magnitude", "Philips_WIP_B0_NS_801_e1"],
    ["real", "Philips_WIP_B0_NS_801_e2_fieldmaphz"],
  ].map(([component, reference]) => ({
    ...{ set: "dcm_qa_enh", folder: "Philips", series: 801, component, reference },
  })),
];

async function loadPair({ set, folder, series, component, reference }: Pair) {
  const listing = await listDicom(`${data}/${set}/In/${folder}`);
  const found = listedEntries(listing).filter(
    (entry): entry is DicomVolume =>
      entry.kind === "volume" &&
      entry.series.number === series &&
      (component === undefined || entry.apart.component === component),
  );
  expect(found).toHaveLength(1);
  const source = await openFile(`${data}/${set}/Ref/${reference}.nii`);
  const expected = (await readNifti(source)).image as Volume;
  await source.close();
  return { ours: await readVolume(found[0]), expected };
}

describe.skipIf(!existsSync(data))(`Reference pairs (skipped without ${data})`, () => {
  describe.each(pairs)("$set, series $series → $reference.nii", (pair) => {
    let ours: DicomVolumeImage;
    let expected: Volume;
    beforeAll(async () => {
      ({ ours, expected } = await loadPair(pair));
    });

    it("has the same value at the same place, for every voxel", () => {
      const outcome = comparePair(ours.image, expected);
      const table = outcomes.pairs.find(
        ({ reference }) => reference === `${pair.set}/${pair.reference}`,
      );
      expect(outcome.voxels).toBe(table?.voxels);
      expect(outcome.worstMm).toBeLessThan(1e-3);
      // Stored integers are equal; scaled ones as far as the reference's float32 slope goes.
      const isScaled = ours.image.data instanceof Float32Array;
      expect(outcome.worstDifference).toBeLessThanOrEqual(isScaled ? outcome.largest * 1.3e-5 : 0);
      expect(outcome.worstDifference).toBeLessThanOrEqual((table?.worstDifference ?? 0) * 1.001);
    });

    it("has the same time between volumes", () => {
      const [ours4, theirs4] = [ours.image.channels[0]?.values, expected.channels[0]?.values];
      if (!theirs4) expect(ours4).toBeUndefined();
      else
        for (const [at, seconds] of theirs4.entries()) expect(ours4?.[at]).toBeCloseTo(seconds, 2);
    });

    it("has the same parameters where the reference states them", () => {
      const path = `${data}/${pair.set}/Ref/${pair.reference}.json`;
      const theirs = JSON.parse(readFileSync(path, "utf8")) as Acquisition;
      const { compared, differing } = compareParameters(ours, theirs, expected);
      expect(differing).toEqual({});
      expect(compared).toBeGreaterThan(25);
    });
  });
});

/** Parameters that are not compared, and why. */
const NOT_COMPARED: Record<string, string> = {
  ImageType: "dcm2niix divides its terms at _ and adds its own",
  AcquisitionTime: "dcm2niix leaves zeros out (12:30:2); compared below",
};

function compareParameters(
  { image, acquisition }: DicomVolumeImage,
  theirs: Acquisition,
  reference: Volume,
) {
  const differing: Record<string, unknown[]> = {};
  let compared = 0;
  for (const [name, value] of Object.entries(acquisition)) {
    if (theirs[name] === undefined || NOT_COMPARED[name]) continue;
    compared += 1;
    const mine =
      name === "PhaseEncodingDirection" ? onReference(`${value}`, image, reference) : value;
    // Slice times differ by a tick of 2.5 ms from volume to volume; the reference takes one or another's.
    if (name === "SliceTiming" && isClose(mine, theirs[name], 2.6e-3)) continue;
    if (!isClose(mine, theirs[name])) differing[name] = [mine, theirs[name]];
  }
  if (clock(acquisition) !== clock(theirs))
    differing.AcquisitionTime = [clock(acquisition), clock(theirs)];
  return { compared, differing };
}

function clock({ AcquisitionTime }: Acquisition): number {
  const [hours, minutes, seconds] = `${AcquisitionTime}`.split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/** A direction along our axes as one along the reference's, whose rows may be turned around. */
function onReference(direction: string, ours: Volume, reference: Volume): string {
  const axis = "ijk".indexOf(direction[0]);
  const along = (image: Volume) => {
    const step = [0, 0, 0].map((_, at) => (at === axis ? 1 : 0)) as [number, number, number];
    return applyAffine(makeAffine(affineLinear(indexToWorld(image.geometry)), [0, 0, 0]), step);
  };
  const [a, b] = [along(ours), along(reference)];
  const isReversed = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] < 0;
  const isNegative = direction.endsWith("-") !== isReversed;
  return direction[0] + (isNegative ? "-" : "");
}

/** The reference is printed with six digits. */
function isClose(a: unknown, b: unknown, least = 1e-5): boolean {
  if (typeof a === "number" && typeof b === "number")
    return Math.abs(a - b) <= 1e-5 * Math.max(1e-6, Math.abs(b)) + 1e-12;
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length &&
      a.every((value, at) => isClose(value, b[at]) || Math.abs(value - b[at]) < least)
    );
  }
  return a === b;
}
