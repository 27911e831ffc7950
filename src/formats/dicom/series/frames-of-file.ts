// The frames of a file as sorting sees them: of one plane, several, a mosaic, or an enhanced object.

import type { DataSet } from "../data-set/data-set.ts";
import { has, number, numbers, text } from "../data-set/values.ts";
import { type CsaHeader, csaImageHeader } from "./csa-header.ts";
import { defined } from "./defined.ts";
import type { DicomFrame } from "./dicom-frame.ts";
import { diffusionOf } from "./diffusion.ts";
import { dosePlanes, type PlaneReading, planeOf, tomographicPlane } from "./frame-plane.ts";
import { orderOf, traitsOf } from "./frame-traits.ts";
import type { FunctionalGroups } from "./functional-groups.ts";
import { isMosaic, type Mosaic, mosaicOf, tilePlanes } from "./mosaic.ts";
import { philipsFrameItem } from "./philips-scaling.ts";
import type { FramePlane } from "./plane.ts";

/** @param isTiled of a slide, whose tiles are found when it is read: one frame stands for all of them */
export function framesOf(
  dataSet: DataSet,
  groups: FunctionalGroups | undefined,
  { file, transferSyntax, isTiled }: { file: number; transferSyntax: string; isTiled: boolean },
): DicomFrame[] {
  const [columns, rows] = [number(dataSet, "Columns"), number(dataSet, "Rows")];
  if (!columns || !rows) return [];
  const frames = Math.max(1, number(dataSet, "NumberOfFrames") ?? groups?.frames ?? 1);
  const count = frames === 1 ? "1 frame" : `${frames} frames`;
  const form = `${columns} × ${rows} pixels, ${count}, ${transferSyntax}`;
  const size = { file, columns, rows, form };
  if (isTiled) {
    return [{ ...size, frame: 0, plane: undefined, missing: [], ...frameFacts(dataSet) }];
  }
  if (groups) {
    return Array.from({ length: frames }, (_, frame) => enhancedFrame(groups, { ...size, frame }));
  }
  const csa = csaImageHeader(dataSet);
  const base = frameFacts(dataSet, { csa });
  const reading = planeOf(dataSet);
  const mosaic = isMosaic(dataSet) ? mosaicOf(dataSet, csa) : undefined;
  if (mosaic && reading.plane)
    return tiles(dataSet, { mosaic, reading, csa, base: { ...base, form }, file });
  if (frames === 1) return [{ ...size, frame: 0, ...planeOrMissing(reading), ...base }];
  const planes = reading.plane ? planesOfFrames(dataSet, reading.plane, frames) : [];
  return Array.from({ length: frames }, (_, frame) => ({
    ...size,
    frame,
    ...planeOrMissing({ plane: planes[frame], missing: reading.missing }),
    ...base,
  }));
}

function planeOrMissing({ plane, missing }: PlaneReading): Pick<DicomFrame, "plane" | "missing"> {
  return { plane, missing };
}

/** Frames of an object without functional groups that lie behind each other; none of a cine. */
function planesOfFrames(
  dataSet: DataSet,
  first: FramePlane,
  frames: number,
): readonly (FramePlane | undefined)[] {
  const dose = has(dataSet, "GridFrameOffsetVector") ? dosePlanes(dataSet, first) : [];
  if (dose.length === frames) return dose;
  const slices = numbers(dataSet, "SliceVector");
  const isTomographic = slices.length === frames && !has(dataSet, "RotationVector");
  return isTomographic ? slices.map((slice) => tomographicPlane(dataSet, first, slice)) : [];
}

type FrameFacts = Omit<
  DicomFrame,
  "file" | "frame" | "tile" | "columns" | "rows" | "form" | "plane" | "missing"
>;

function frameFacts(
  dataSet: DataSet,
  { own, csa }: { own?: DataSet; csa?: CsaHeader } = {},
): FrameFacts {
  const diffusion = diffusionOf(dataSet, csa) ?? (own && diffusionOf(own));
  return defined({
    traits: traitsOf(dataSet, own),
    order: orderOf(dataSet, { own, diffusion }),
    bValue: diffusion?.bValue,
    gradient: diffusion?.gradient,
    thicknessMm: positive(number(dataSet, "SliceThickness")),
    spacingBetweenMm: positive(Math.abs(number(dataSet, "SpacingBetweenSlices") ?? 0)),
    gantryTiltDeg: number(dataSet, "GantryDetectorTilt"),
    repetitionTimeMs: positive(number(dataSet, "RepetitionTime")),
    uid: text(dataSet, "SOPInstanceUID") ?? "",
    instanceNumber: number(dataSet, "InstanceNumber") ?? 0,
  });
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
}

function enhancedFrame(
  groups: FunctionalGroups,
  place: Pick<DicomFrame, "file" | "frame" | "columns" | "rows" | "form">,
): DicomFrame {
  const view = groups.view(place.frame);
  const own = philipsFrameItem(view);
  return { ...place, ...planeOrMissing(planeOf(view)), ...frameFacts(view, { own }) };
}

function tiles(
  dataSet: DataSet,
  {
    mosaic,
    reading,
    csa,
    base,
    file,
  }: {
    mosaic: Mosaic;
    reading: PlaneReading;
    csa: CsaHeader | undefined;
    base: FrameFacts & Pick<DicomFrame, "form">;
    file: number;
  },
): DicomFrame[] {
  const planes = reading.plane && tilePlanes(dataSet, mosaic, { plane: reading.plane, csa });
  const { columns, rows } = mosaic;
  return Array.from({ length: mosaic.tiles }, (_, tile) => ({
    file,
    frame: 0,
    tile,
    columns,
    rows,
    plane: planes?.[tile],
    missing: planes ? [] : ["Spacing Between Slices (0018,0088)"],
    ...base,
  }));
}
