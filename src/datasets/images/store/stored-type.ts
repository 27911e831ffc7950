// Whether eight bits a value hold all that the files of a data set do.

import { openFile } from "#files";
import type { ImageSample } from "../image-dataset.ts";

/** Formats that never hold more than eight bits a colour. */
const EIGHT_BITS = /\.(jpe?g|bmp|dib|webp|gif)$/i;

/** Headers that are read at a time. */
const AT_ONCE = 64;

/** "uint8" where every file is of a format, a PNG or an array of eight bits a value at most. */
export async function storedType(samples: readonly ImageSample[]): Promise<"uint8" | "uint16"> {
  const arrays = new Map(samples.map((sample) => [`${sample.path}|${sample.array}`, sample]));
  for (const { path, array } of arrays.values()) {
    if (array !== undefined && !(await isEightBitArray(path, array))) return "uint16";
  }
  const files = samples.filter(({ array }) => array === undefined).map(({ path }) => path);
  const others = [...new Set(files)].filter((path) => !EIGHT_BITS.test(path));
  if (others.some((path) => !/\.png$/i.test(path))) return "uint16";
  for (let at = 0; at < others.length; at += AT_ONCE) {
    const are = await Promise.all(others.slice(at, at + AT_ONCE).map(isEightBitPng));
    if (are.includes(false)) return "uint16";
  }
  return "uint8";
}

async function isEightBitArray(path: string, name: string): Promise<boolean> {
  // Loaded when there are such files: readers of arrays and tables take as long to load as all else together.
  const { openNpz } = await import("../../../formats/index.ts");
  const source = await openFile(path);
  try {
    const { dtype } = await (await openNpz(source)).readHeader(name);
    return dtype === "uint8" || dtype === "bool";
  } finally {
    await source.close();
  }
}

/** By the bit depth in its header (PNG, third edition, 11.2.1); a file that can't be read decides nothing. */
async function isEightBitPng(path: string): Promise<boolean> {
  const source = await openFile(path).catch(() => undefined);
  if (!source) return true;
  try {
    return source.byteLength < 25 || (await source.read(24, 1))[0] <= 8;
  } finally {
    await source.close();
  }
}
