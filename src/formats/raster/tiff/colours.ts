// What the samples of a TIFF page mean: grey, colours of a palette, CMYK (TIFF 6.0, sections 3 to 6 and 16).

import type { VoxelArray } from "../../../base/index.ts";
import { damaged } from "../../damage.ts";
import type { Picture } from "../picture.ts";
import type { Directory } from "./directory.ts";
import { type PageLayout, TAG } from "./layout.ts";

/** Names of what was done, and the picture with grey or RGB in front. */
export function picturePage(
  page: Directory,
  layout: PageLayout,
  data: VoxelArray,
  name: string,
): { picture: Picture; notes: string[] } {
  const { width, height, samples, photometric, bits, format } = layout;
  const most = 2 ** bits - 1;
  const size = { width, height };
  const notes: string[] = [];
  if (photometric === 3 && samples === 1) {
    return {
      picture: { ...size, ...lookUp(page, data, name) },
      notes: ["The colours of a palette were looked up."],
    };
  }
  if (photometric === 5 && samples >= 4 && format === 1) {
    const rgb = fromCmyk(data, samples, most);
    return { picture: { ...size, channels: 3, data: rgb }, notes: ["Converted from CMYK to RGB."] };
  }
  if (photometric === 0 && samples === 1 && format === 1) {
    for (let at = 0; at < data.length; at++) data[at] = most - data[at];
    notes.push("The file counts from white; the values were turned so that 0 is black.");
  }
  if (bits < 8) {
    for (let at = 0; at < data.length; at++) data[at] *= 255 / most;
    notes.push(`Grey of ${bits} bit was spread over 0 to 255.`);
  }
  const opacity = layout.opacity && (samples === 2 || samples === 4);
  const opaque = format === 3 ? 1 : format === 2 ? 2 ** (bits - 1) - 1 : bits < 8 ? 255 : most;
  return { picture: { ...size, channels: samples, data, ...(opacity && { opaque }) }, notes };
}

/** Reds, then greens, then blues, of 16 bits each; 8 are what pictures have. */
function lookUp(
  page: Directory,
  indices: VoxelArray,
  name: string,
): { channels: number; data: Uint8Array } {
  const map = page.get(TAG.colourMap);
  const count = typeof map === "object" ? map.length / 3 : 0;
  const data = new Uint8Array(indices.length * 3);
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at];
    if (!(index < count)) {
      throw damaged(name, {
        expected: `a palette of more than ${index} colours`,
        found: `${count}`,
      });
    }
    for (let colour = 0; colour < 3; colour++) {
      data[3 * at + colour] = (map as readonly number[])[colour * count + index] >> 8;
    }
  }
  return { channels: 3, data };
}

function fromCmyk(data: VoxelArray, samples: number, most: number): VoxelArray {
  const Samples = data.constructor as new (length: number) => VoxelArray;
  const rgb = new Samples((data.length / samples) * 3);
  for (let from = 0, to = 0; from < data.length; from += samples, to += 3) {
    const light = most - data[from + 3];
    for (let colour = 0; colour < 3; colour++) {
      rgb[to + colour] = Math.round(((most - data[from + colour]) * light) / most);
    }
  }
  return rgb;
}
