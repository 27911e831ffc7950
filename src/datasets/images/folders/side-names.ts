// Names by which data sets call the sides of their split.

import type { ImageSide } from "../image-dataset.ts";

const SIDES: readonly (readonly [ImageSide, RegExp])[] = [
  ["train", /^(train(ing)?|learn(ing)?|development)(set|data|dataset|images|imgs|split)?$/],
  ["validation", /^(val(id(ation)?)?|dev|tun(e|ing))(set|data|dataset|images|imgs|split)?$/],
  ["test", /^(test(ing)?|holdout|eval(uation)?)(set|data|dataset|images|imgs|split)?$/],
];

/** The side that a folder's name or a value of a column means: "Training", "val", "test_set". */
export function sideOfName(name: string): ImageSide | undefined {
  const bare = name.toLowerCase().replace(/[^a-z]/g, "");
  return SIDES.find(([, pattern]) => pattern.test(bare))?.[0];
}
