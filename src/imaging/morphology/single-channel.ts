// Refuses images with several values a voxel where only one has a meaning.

import { channelCount, type Image, RoentgenError } from "../../base/index.ts";

/** @throws RoentgenError "shape-mismatch" for colours, time points and the like */
export function refuseChannels(image: Image, problem: string): void {
  if (channelCount(image) === 1) return;
  throw new RoentgenError("shape-mismatch", {
    problem,
    expected: "one value a voxel",
    found: image.channels.map(({ name, size }) => `${size} along "${name}"`).join(", "),
    remedy: "Take one channel, or work on each by itself.",
  });
}
