// What transfer saves and gains: cached features against the backbone's pass, and small sets against training from scratch.
// `npm run bench -- transfer features 256` for as many images; `-- transfer scratch` needs ../shared/data/mednist.

import { features } from "./transfer/features.ts";
import { scratch } from "./transfer/scratch.ts";

export default async function benchmark([part = "features", count = "256"]: readonly string[]) {
  if (part === "features") await features(Number(count));
  else if (part === "scratch") await scratch();
  else console.error("Parts: features, scratch.");
}
