// Files that people try and that aren't tables or arrays we read: recognised, so that the message helps.

import { RoentgenError } from "../base/index.ts";

interface OtherFormat {
  readonly what: string;
  readonly remedy: string;
  /** Any of these at position `at` of the first bytes, read as Latin-1. */
  readonly marks: readonly string[];
  readonly at?: number;
}

const OFFICE = "In the spreadsheet program choose Save as CSV.";
const EXPORT = "Export it as CSV.";
const UNPACK = "Unpack it first.";
const IMAGE =
  "It is an image: `roentgen inspect` shows it and readImage reads it; here a table or arrays are expected.";

const GZIP = "\x1f\x8b";
/** Names of images that are usually gzipped. */
const PACKED_IMAGE = /\.(nii|hdr|img|mgh|gipl)\.gz$|\.mgz$/i;
const packedImage = { what: "a gzipped image", remedy: IMAGE };

const OTHERS: readonly OtherFormat[] = [
  {
    what: "an old Office file, probably a spreadsheet",
    remedy: OFFICE,
    marks: ["\xd0\xcf\x11\xe0"],
  },
  { what: "a gzip-compressed file", remedy: UNPACK, marks: [GZIP] },
  { what: "a Zstandard-compressed file", remedy: UNPACK, marks: ["\x28\xb5\x2f\xfd"] },
  { what: "a bzip2-compressed file", remedy: UNPACK, marks: ["BZh91AY", "BZh61AY"] },
  { what: "an SPSS file", remedy: EXPORT, marks: ["$FL2", "$FL3"] },
  { what: "a Stata file", remedy: EXPORT, marks: ["<stata_dta>"] },
  { what: "a SAS file", remedy: EXPORT, marks: [`${"\0".repeat(12)}\xc2\xea\x81\x60`] },
  {
    what: "an R file",
    remedy: "In R choose write.csv or arrow::write_parquet.",
    marks: ["RDX2\n", "RDX3\n", "RDA2\n", "RDA3\n"],
  },
  {
    what: "a Python pickle",
    remedy: "In Python save it with to_csv, to_parquet or numpy.save.",
    marks: ["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"],
  },
  {
    what: "an HDF5 file other than MATLAB's",
    remedy: "Save its arrays as .npz or .mat.",
    marks: ["\x89HDF\r\n"],
  },
  {
    what: "a picture",
    remedy: IMAGE,
    marks: ["\x89PNG", "\xff\xd8\xff", "GIF87a", "GIF89a", "II*\0", "MM\0*"],
  },
  { what: "a picture", remedy: IMAGE, marks: ["WEBP"], at: 8 },
  { what: "a DICOM file", remedy: IMAGE, marks: ["DICM"], at: 128 },
  { what: "a NIfTI image", remedy: IMAGE, marks: ["n+1\0", "ni1\0"], at: 344 },
  { what: "a NIfTI-2 image", remedy: IMAGE, marks: ["n+2\0", "ni2\0"], at: 4 },
  { what: "a NRRD image", remedy: IMAGE, marks: ["NRRD000"] },
  { what: "a MetaImage", remedy: IMAGE, marks: ["ObjectType = Image", "NDims = "] },
  { what: "a GIPL image", remedy: IMAGE, marks: ["\xef\xff\xe9\xb0"], at: 252 },
  { what: "a PDF", remedy: "Export the table behind it as CSV.", marks: ["%PDF-"] },
  {
    what: "a web page",
    remedy: "The download probably failed; check its address.",
    marks: ["<!DOCTYPE", "<!doctype", "<html"],
  },
  {
    what: "a Git LFS pointer",
    remedy: "Fetch the file itself with `git lfs pull`.",
    marks: ["version https://git-lfs"],
  },
  { what: "JSON", remedy: EXPORT, marks: ['{"', "{\n", "{\r\n", "[{", "[\n"] },
];

/** What a file seems to be whose first bytes read so in Latin-1; undefined for what is not known. */
export function describeOtherFormat(head: string): string | undefined {
  return otherFormat(head)?.what;
}

function otherFormat(head: string): { what: string; remedy: string } | undefined {
  if (head.startsWith("PK\x03\x04")) return zipped(head);
  return OTHERS.find(({ marks, at = 0 }) => marks.some((mark) => head.startsWith(mark, at)));
}

/** @throws RoentgenError "format-unknown" naming what the file seems to be */
export function refuseOtherFormats(path: string, head: string): void {
  const found = PACKED_IMAGE.test(path) && head.startsWith(GZIP) ? packedImage : otherFormat(head);
  if (!found) return;
  throw new RoentgenError("format-unknown", {
    problem: `Cannot read ${path} as a table or array`,
    found: found.what,
    remedy: found.remedy,
    subject: path,
  });
}

/** Spreadsheets are zip archives, told by their first members. */
function zipped(head: string): { what: string; remedy: string } {
  const office = ["[Content_Types].xml", "xl/", "_rels/", "mimetypeapplication/vnd"];
  return office.some((name) => head.includes(name))
    ? { what: "a spreadsheet", remedy: OFFICE }
    : { what: "a zip archive", remedy: UNPACK };
}
