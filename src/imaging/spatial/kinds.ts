// The transforms that move voxels, in the order of documentation.

import { centreAffine, rotate } from "./about-centre.ts";
import { crop, cropToForeground } from "./crop.ts";
import { elastic } from "./elastic.ts";
import { flip, permute } from "./flip.ts";
import { orient } from "./orient.ts";
import { cropOrPad, pad, padToMultiple, padToSize } from "./pad.ts";
import { affine, resampleTo } from "./resample-to.ts";
import { resample, resize } from "./resize.ts";

export const spatialKinds = [
  crop,
  cropToForeground,
  pad,
  padToSize,
  padToMultiple,
  cropOrPad,
  flip,
  permute,
  orient,
  resize,
  resample,
  resampleTo,
  affine,
  rotate,
  centreAffine,
  elastic,
];
