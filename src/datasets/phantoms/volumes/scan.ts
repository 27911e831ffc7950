// A scan that is drawn, not taken, with its truth: what every volume phantom gives.

import type { Geometry, Image, Triple } from "../../../base/index.ts";
import type { IndexBox } from "../../../imaging/index.ts";
import type { Site } from "../lesion-model.ts";

/** What DICOM calls the modality (PS3.3 C.7.3.1.1.1). */
export type ScanModality = "DX" | "CT" | "MR" | "US";

/** The person of a scan; each scan has its own. */
export interface ScanPatient {
  /** "P0001" and so on. */
  readonly id: string;
  readonly sex: "F" | "M";
  readonly ageYears: number;
  /** Where the scan was taken: site B has other noise and contrast than site A. */
  readonly site: Site;
}

/** Something that a reader would report. */
export interface ScanFinding {
  /** "nodule", "cyst", "metastasis". */
  readonly kind: string;
  /** Its value in the mask. */
  readonly label: number;
  /** Smallest box around its voxels in the picture. */
  readonly box: IndexBox;
  /** The same in mm, from the outer faces of its first voxels to those of its last, where the frame is the patient's. */
  readonly boxMm?: { readonly from: Triple; readonly to: Triple };
  /** Largest diameter of the body that was drawn. */
  readonly diameterMm: number;
}

/** A drawn scan. */
export interface PhantomScan<G extends Geometry = Geometry, Diagnosis extends string = string> {
  readonly index: number;
  readonly modality: ScanModality;
  readonly patient: ScanPatient;
  readonly diagnosis: Diagnosis;
  readonly image: Image<G>;
  /** A label map on the image's grid; `structures` names its values, 0 is what has no name. */
  readonly mask: Image<G, Uint8Array>;
  readonly structures: Readonly<Record<string, number>>;
  readonly findings: readonly ScanFinding[];
  /** How it was taken, in the terms and units of DICOM: KVP, RepetitionTime (ms) … */
  readonly acquisition: Readonly<Record<string, number | string>>;
}
