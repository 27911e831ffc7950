// The cases of the benchmark of formats, named as in ours.js, the files beside it and peer.py.

export const caseNames = [
  "read 256³ int16 .nii.gz",
  "write 256³ int16 .nii.gz, level 1",
  "write 256³ int16 .nii.gz, level 6",
  "read 256³ int16 .nrrd, gzipped",
  "CT series, uncompressed",
  "CT series, signed",
  "CT series, JPEG 2000 lossless",
  "CT series, listed",
  "10,000 slices, listed",
] as const;
