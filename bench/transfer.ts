// What transfer saves and gains: cached features against the backbone's pass, and small sets against training from scratch.
// `npm run bench -- transfer features 256` for as many images; `-- transfer scratch 5` for as many draws of a small set.

import { features } from "./transfer/features.ts";
import { scratch } from "./transfer/scratch.ts";

export default async function benchmark([part = "features", ...words]: readonly string[]) {
  if (part === "features") await features(Number(words[0] ?? 256));
  else if (part === "scratch")
    await scratch(Array.from({ length: Number(words[0] ?? 5) }, (_, at) => at + 1));
  else console.error("Parts: features, scratch.");
}
