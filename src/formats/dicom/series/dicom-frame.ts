// One frame of a DICOM file as sorting sees it: where it lies, what sets it apart, what may order repeats of it.

import type { FramePlane } from "./plane.ts";

/** What keeps frames in different volumes whatever their place: "echo time" → 30. */
export type Traits = Readonly<Record<string, string | number>>;

/**
 * What may tell repeats of one place apart, in the order in which it is tried. A key counts only if it divides
 * the frames into whole stacks, so that an acquisition time that differs from slice to slice does no harm.
 */
export const ORDER_KEYS = [
  "temporalPosition",
  "diffusion",
  "velocity",
  "cardiacPhase",
  "repetitionTime",
  "triggerTime",
  "frameReferenceTime",
  "acquisitionNumber",
  "acquisitionTime",
  "coil",
  "sequenceName",
  "contentTime",
] as const;

export type OrderKey = (typeof ORDER_KEYS)[number];

/** A frame of a file, or a tile of one (Siemens mosaic). */
export interface DicomFrame {
  /** Index of the file among those scanned. */
  readonly file: number;
  /** Index of the frame in the file, from 0. */
  readonly frame: number;
  /** Which tile of the frame, from 0 (Siemens mosaic); undefined where the frame is one plane. */
  readonly tile?: number;
  /** Pixels of the plane along i and j. */
  readonly columns: number;
  readonly rows: number;
  readonly plane: FramePlane | undefined;
  /** Where there is no plane: the attributes that are missing. */
  readonly missing: readonly string[];
  readonly traits: Traits;
  readonly order: Readonly<Partial<Record<OrderKey, string | number>>>;
  /** s/mm², where the frame says it. */
  readonly bValue?: number;
  /** Unit vector of the diffusion gradient in LPS; of b = 0 none. */
  readonly gradient?: readonly [number, number, number];
  readonly thicknessMm?: number;
  readonly spacingBetweenMm?: number;
  readonly gantryTiltDeg?: number;
  /** ms. */
  readonly repetitionTimeMs?: number;
  /** SOP Instance UID; with `frame`, `tile` and `form` equal as well, two frames are copies. */
  readonly uid: string;
  /** What copies of one instance have in common whatever their file: "512 × 512 pixels, 1 frame, 1.2.840.10008.1.2.1". */
  readonly form: string;
  readonly instanceNumber: number;
}
