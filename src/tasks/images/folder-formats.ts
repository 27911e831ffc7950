// Formats that images are written to a folder in, and how their files end.

/** Formats that a folder can be converted to, and the ending of their files. */
export const ENDINGS = {
  nifti: ".nii.gz",
  nrrd: ".nrrd",
  metaimage: ".mha",
  mgh: ".mgz",
  gipl: ".gipl.gz",
  png: ".png",
  tiff: ".tif",
  dicom: "",
} as const;

export type FolderFormat = keyof typeof ENDINGS;

/** As `--to` takes them. */
export const folderFormats = Object.keys(ENDINGS) as FolderFormat[];
