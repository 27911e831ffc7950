// NIfTI and Analyze as the front door to images knows them.

import type { ImageFormat } from "../images/image-file.ts";
import { headerKind } from "./header.ts";
import { inspectNifti, readNifti } from "./read-nifti.ts";
import { niftiFiles } from "./write-nifti.ts";

/** NIfTI-1 and NIfTI-2, one file or a pair. */
export const niftiFormat: ImageFormat = {
  name: "nifti",
  title: "NIfTI-1 and NIfTI-2",
  extensions: [".nii.gz", ".nii", ".hdr", ".hdr.gz", ".img", ".img.gz"],
  unpacks: true,
  browser: true,
  recognise: (head) => headerKind(head)?.startsWith("nifti") ?? false,
  inspect: inspectNifti,
  read: readNifti,
  write: niftiFiles,
};

/** Analyze 7.5 with SPM's additions; written as a NIfTI pair, which knows left from right. */
export const analyzeFormat: ImageFormat = {
  name: "analyze",
  title: "Analyze 7.5",
  extensions: [".hdr", ".hdr.gz", ".img", ".img.gz"],
  unpacks: true,
  browser: true,
  recognise: (head) => headerKind(head) === "analyze",
  inspect: inspectNifti,
  read: readNifti,
};
