// Direction and timing of phase encoding, from what Siemens and GE keep in private elements.

import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, text } from "../data-set/values.ts";
import type { AcquisitionValue } from "./acquisition-attributes.ts";
import { type CsaHeader, csaNumbers } from "./csa-header.ts";
import {
  type PrivateNumbers,
  type PrivateTag,
  privateElement,
  privateNumbers,
} from "./private-elements.ts";

const SIEMENS = { group: 0x0019, creator: "SIEMENS MR HEADER" };
const SIEMENS_FRAME_GROUP: PrivateTag = {
  group: 0x0021,
  creator: "SIEMENS MR SDI 02",
  element: 0xfe,
};
const SIEMENS_FRAME = { group: 0x0021, creator: "SIEMENS MR SDI 02" };
const GE_ECHO_SPACING: PrivateTag = { group: 0x0043, creator: "GEMS_PARM_01", element: 0x2c };
const GE_ACCELERATION: PrivateTag = { group: 0x0043, creator: "GEMS_PARM_01", element: 0x83 };

/**
 * Phase encoding of an image of so many columns and rows. `PhaseEncodingDirection` is along the axes of the image
 * as it is here: "j" runs down the columns. dcm2niix turns rows around, and so writes "j-" for it.
 */
export function phaseEncodingOf(
  dataSet: DataSet,
  { columns, rows, csa }: { columns: number; rows: number; csa: CsaHeader | undefined },
): Record<string, AcquisitionValue | undefined> {
  const inPlane = { COLUMN: "COL", COL: "COL", ROW: "ROW" }[
    text(dataSet, "InPlanePhaseEncodingDirection") ?? ""
  ];
  if (!inPlane) return {};
  const axis = inPlane === "COL" ? "j" : "i";
  const steps = inPlane === "COL" ? rows : columns;
  const positive =
    siemensNumber(dataSet, 0x1c, "text") ?? csaNumbers(csa, "PhaseEncodingDirectionPositive")[0];
  const signed = positive === undefined ? undefined : positive === 1 ? axis : `${axis}-`;
  return {
    AcquisitionMatrixPE: acquisitionMatrix(dataSet),
    ReconMatrixPE: steps,
    ...echoSpacing(dataSet, steps, acquisitionMatrix(dataSet)),
    DwellTime: dwellTime(dataSet),
    PhaseEncodingDirection: signed,
    PhaseEncodingAxis: signed === undefined ? axis : undefined,
    InPlanePhaseEncodingDirectionDICOM: inPlane,
  };
}

/** Phase rows or columns of Acquisition Matrix (0018,1310), else the steps in the plane. */
function acquisitionMatrix(dataSet: DataSet): number | undefined {
  const [, , rows, columns] = numbers(dataSet, "AcquisitionMatrix");
  return rows || columns || number(dataSet, 0x00189231) || undefined;
}

/** Seconds between echoes as they lie in the image, and from the first to the last (BIDS). */
function echoSpacing(
  dataSet: DataSet,
  steps: number,
  acquired: number | undefined,
): Record<string, number | undefined> {
  const bandwidth =
    privateNumbers(dataSet, { ...SIEMENS, element: 0x28 }, "FD")[0] ??
    siemensNumber(dataSet, 0x53, "FD");
  if (bandwidth !== undefined && bandwidth > 0) {
    const spacing = 1 / (bandwidth * steps);
    return {
      BandwidthPerPixelPhaseEncode: bandwidth,
      EffectiveEchoSpacing: spacing,
      TotalReadoutTime: spacing * (steps - 1),
    };
  }
  const [micros] = privateNumbers(dataSet, GE_ECHO_SPACING, "SS");
  const [unaccelerated = 1] = privateNumbers(dataSet, GE_ACCELERATION, "text");
  // With ASSET, GE's own rounding of lines comes in, of which nothing in the header tells.
  if (!(micros > 0) || !acquired || unaccelerated !== 1) return {};
  const readout = (acquired - 1) * micros * 1e-6;
  return { EffectiveEchoSpacing: readout / (steps - 1), TotalReadoutTime: readout };
}

function dwellTime(dataSet: DataSet): number | undefined {
  const nanos =
    privateNumbers(dataSet, { ...SIEMENS, element: 0x18 }, "text")[0] ??
    siemensNumber(dataSet, 0x42, "text");
  return nanos !== undefined && nanos > 0 ? nanos * 1e-9 : undefined;
}

/** An element of Siemens' private group of a frame (enhanced objects of XA). */
function siemensNumber(
  dataSet: DataSet,
  element: number,
  type: PrivateNumbers,
): number | undefined {
  const group = privateElement(dataSet, SIEMENS_FRAME_GROUP);
  const item = group?.kind === "sequence" ? group.items[0] : undefined;
  return item && privateNumbers(item, { ...SIEMENS_FRAME, element }, type)[0];
}
