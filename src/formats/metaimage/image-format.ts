// MetaImage as one of the formats of images.

import type { ImageFormat } from "../images/image-file.ts";
import { inspectMetaImage, readMetaImage } from "./read-metaimage.ts";
import { writeMetaImage } from "./write-metaimage.ts";

export const metaImageFormat: ImageFormat = {
  name: "metaimage",
  title: "MetaImage, voxels inside or beside",
  extensions: [".mha", ".mhd"],
  browser: true,
  recognise: (head) => /^\s*(ObjectType\s*[=:]\s*Image|NDims\s*[=:]\s*\d)/i.test(head),
  inspect: inspectMetaImage,
  read: readMetaImage,
  write: writeMetaImage,
};
