// What transfer saves and gains: cached features against the backbone's pass, and small sets against training from scratch.
// `npm run bench -- transfer features 256` for as many images; `-- transfer scratch Hand` for the class that is kept
// from the first training (needs ../shared/data/mednist).

import { features } from "./transfer/features.ts";
import { scratch } from "./transfer/scratch.ts";

export default async function benchmark([part = "features", ...words]: readonly string[]) {
  if (part === "features") await features(Number(words[0] ?? 256));
  else if (part === "scratch") await scratch(words.length > 0 ? words : ["Hand", "HeadCT"]);
  else console.error("Parts: features, scratch.");
}
