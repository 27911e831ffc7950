import { expect, it } from "vitest";
import {
  type ByteSource,
  memorySource,
  RoentgenError,
  randomStream,
} from "../../../../src/base/index.ts";
import {
  listDicom,
  listedEntries,
  readImages,
  readSlide,
  readVolume,
} from "../../../../src/formats/index.ts";
import { AXIAL, axialStack, COLUMNS, ENHANCED_MR, ROWS, slice } from "./synthetic-series.ts";

const PLANE = COLUMNS * ROWS;

/** One file of each kind that sorting looks into. */
const seeds: Record<string, ByteSource> = {
  classic: axialStack([0], {
    RescaleSlope: 2,
    GantryDetectorTilt: 5,
    AcquisitionTime: "101010.5",
  })[0],
  enhanced: slice({
    ...{
      value: 0,
      SOPClassUID: ENHANCED_MR,
      NumberOfFrames: 2,
      PixelData: new Uint16Array(2 * PLANE),
    },
    SharedFunctionalGroupsSequence: [
      {
        PlaneOrientationSequence: [{ ImageOrientationPatient: AXIAL }],
        PixelMeasuresSequence: [{ PixelSpacing: [2, 2], SliceThickness: 2 }],
      },
    ],
    PerFrameFunctionalGroupsSequence: [0, 2].map((z) => ({
      PlanePositionSequence: [{ ImagePositionPatient: [0, 0, z] }],
      FrameContentSequence: [{ TemporalPositionIndex: 1, StackID: "1" }],
    })),
  }),
  mosaic: slice({
    ...{
      position: [0, 0, 0],
      value: 0,
      Rows: 4,
      Columns: 4,
      PixelData: new Uint16Array(16),
      SpacingBetweenSlices: 2,
    },
    ...{ ImageType: ["ORIGINAL", "MOSAIC"], "1638416": { vr: "LO", value: "SIEMENS MR HEADER" } },
    "1642506": { vr: "US", value: 4 },
  }),
  cine: slice({
    value: 0,
    NumberOfFrames: 2,
    FrameTimeVector: [0, 5],
    PixelData: new Uint16Array(2 * PLANE),
  }),
};

const mutations = Number(process.env.MUTATIONS ?? 60);

it.each(Object.keys(seeds))(
  `%s files with bytes changed or lost load, or fail in words (${mutations} mutations)`,
  async (kind) => {
    const bytes = await seeds[kind].read(0, seeds[kind].byteLength);
    for (let mutation = 0; mutation < mutations; mutation++) {
      const source = memorySource(mutate(bytes, mutation), "mutated");
      await load(source).catch((error) => {
        if (!(error instanceof RoentgenError))
          throw new Error(`Mutation ${mutation} of ${kind}`, { cause: error });
      });
    }
    expect(mutations).toBeGreaterThan(0);
  },
  600_000,
);

function mutate(bytes: Uint8Array, mutation: number): Uint8Array {
  const random = randomStream({ seed: 7, purpose: "mutated series", sample: mutation });
  const copy = bytes.slice(
    0,
    random.uniform() < 0.2 ? Math.floor(random.uniform() * bytes.length) : bytes.length,
  );
  const changes = 1 + Math.floor(random.uniform() * 4);
  for (let change = 0; change < changes && copy.length > 0; change++) {
    copy[Math.floor(random.uniform() * copy.length)] = Math.floor(random.uniform() * 256);
  }
  return copy;
}

async function load(source: ByteSource): Promise<void> {
  const listing = await listDicom([source, ...axialStack([2, 4])]);
  for (const entry of listedEntries(listing)) {
    if (entry.kind === "images") await readImages(entry).catch(onlyInWords);
    else if (entry.kind === "slide") await readSlide(entry).catch(onlyInWords);
    else {
      await readVolume(entry).catch(onlyInWords);
      const all = {
        onUnevenSlices: "resample",
        onMissingSlices: "resample",
        onTilt: "resample",
      } as const;
      await readVolume(entry, { ...all, onDuplicateSlices: "first", onIncomplete: "drop" }).catch(
        onlyInWords,
      );
    }
  }
}

function onlyInWords(error: unknown): void {
  if (!(error instanceof RoentgenError)) throw error;
}
