// NRRD as one of the formats of images.

import type { ImageFormat } from "../images/image-file.ts";
import { inspectNrrd, readNrrd } from "./read-nrrd.ts";
import { writeNrrd } from "./write-nrrd.ts";

export const nrrdFormat: ImageFormat = {
  name: "nrrd",
  title: "NRRD, header attached or detached",
  extensions: [".nrrd", ".nhdr"],
  browser: true,
  recognise: (head) => /^NRRD000\d/.test(head),
  inspect: inspectNrrd,
  read: readNrrd,
  write: writeNrrd,
};
