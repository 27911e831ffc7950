// FreeSurfer's MGH as the front door to images knows it.

import type { ImageFormat } from "../images/image-file.ts";
import { inspectMgh, readMgh } from "./read-mgh.ts";
import { mghFiles } from "./write-mgh.ts";

export const mghFormat: ImageFormat = {
  name: "mgh",
  title: "FreeSurfer MGH and MGZ",
  extensions: [".mgz", ".mgh", ".mgh.gz"],
  unpacks: true,
  browser: true,
  inspect: inspectMgh,
  read: readMgh,
  write: mghFiles,
};
