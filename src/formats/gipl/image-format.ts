// GIPL as the front door to images knows it.

import type { ImageFormat } from "../images/image-file.ts";
import { inspectGipl, readGipl } from "./read-gipl.ts";
import { giplFiles } from "./write-gipl.ts";

export const giplFormat: ImageFormat = {
  name: "gipl",
  title: "GIPL (Guy's Image Processing Lab)",
  extensions: [".gipl", ".gipl.gz"],
  unpacks: true,
  browser: true,
  // 0xefffe9b0 or 0x2ae389b8 at byte 252.
  recognise: (head) => ["\xef\xff\xe9\xb0", "\x2a\xe3\x89\xb8"].includes(head.slice(252, 256)),
  inspect: inspectGipl,
  read: readGipl,
  write: giplFiles,
};
