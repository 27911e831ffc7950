// Files beside a header that hold its voxels: one, a list, or numbered by a pattern such as "slice%03d.raw".

import type { ByteSource, VoxelArray } from "../../base/index.ts";
import { RoentgenError } from "../../base/index.ts";
import { damaged, unsupported } from "../damage.ts";
import type { OpenBeside } from "../images/image-file.ts";

/** How a header names files. */
export interface CompanionNames {
  /** The names themselves, or a pattern with one number and the first, last and step of that number. */
  readonly listed?: readonly string[];
  readonly format?: string;
  readonly range?: readonly number[];
  /** Of the whole array, fastest first. */
  readonly sizes: readonly number[];
  /** Dimensions of what each file holds, as the header has it; by default one less than the whole. */
  readonly perFile: string | undefined;
}

/**
 * The names of the files, in order.
 * @throws RoentgenError "file-corrupt" where they are not as many as the array's size asks for
 */
export function companionFiles(names: CompanionNames, header: string): readonly string[] {
  const { sizes } = names;
  const perFile = Number(names.perFile ?? Math.max(1, sizes.length - 1));
  // Files of all dimensions share the slowest axis evenly.
  const shared = perFile === sizes.length;
  const slices = shared ? sizes[sizes.length - 1] : product(sizes.slice(perFile));
  const files =
    names.listed ?? numberedFiles(names.format ?? "", names.range ?? [], slices, header);
  const fits = shared ? files.length > 0 && slices % files.length === 0 : files.length === slices;
  if (fits && perFile >= 1 && perFile <= sizes.length) return files;
  throw damaged(header, {
    expected: shared ? `files that share ${slices} slices` : `${slices} files of voxels`,
    found: `${files.length}`,
    remedy: "Check the data files that the header names.",
  });
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

function numberedFiles(
  format: string,
  [first, last, step]: readonly number[],
  most: number,
  header: string,
): string[] {
  const count = step === 0 ? Number.NaN : Math.floor((last - first) / step) + 1;
  if (!/^[^%]*%0?\d{0,2}[diu][^%]*$/.test(format) || !(count >= 1) || count > most) {
    throw damaged(header, {
      expected: `a pattern with one number, such as slice%03d.raw, and at most ${most} files`,
      found: `${format} ${first} ${last} ${step}`,
    });
  }
  return Array.from({ length: count }, (_, at) => numbered(format, first + at * step));
}

/** As printf does it: %d, %3d, %03d. */
function numbered(format: string, value: number): string {
  return format.replace(/%(0?)(\d{0,2})[diu]/, (_, zero, width) => {
    const digits = `${Math.abs(value)}`.padStart(
      zero ? Number(width) - (value < 0 ? 1 : 0) : 0,
      "0",
    );
    return `${value < 0 ? "-" : ""}${digits}`.padStart(Number(width));
  });
}

/**
 * Reads the files one after another and closes each.
 * @throws RoentgenError "value-missing" where there is no way to open files beside the header,
 *   "format-unsupported" for names that lead out of its folder
 */
export async function readCompanions<T>(
  files: readonly string[],
  beside: OpenBeside | undefined,
  header: string,
  read: (source: ByteSource) => Promise<T>,
): Promise<T[]> {
  if (!beside) {
    throw new RoentgenError("value-missing", {
      problem: `Cannot read ${header}`,
      expected: `the file ${files[0]} beside it, which holds the voxels`,
      found: "the header alone",
      remedy: "Give the option beside, which opens it.",
      subject: header,
    });
  }
  const parts: T[] = [];
  for (const file of files) checkInside(file, header);
  for (const file of files) {
    const source = await beside(file);
    try {
      parts.push(await read(source));
    } finally {
      await source.close();
    }
  }
  return parts;
}

/** A header from somewhere must not make us read files elsewhere: no "..", absolute paths or addresses. */
function checkInside(file: string, header: string): void {
  const parts = file.split(/[\\/]/);
  const isInside = parts[0] !== "" && !parts.includes("..") && !/^[a-z][a-z\d+.-]*:/i.test(file);
  if (isInside && !file.includes("\0")) return;
  throw unsupported(header, {
    expected: "files of voxels in the folder of the header",
    found: JSON.stringify(file.slice(0, 200)),
    remedy: "Move the file beside the header and name it there without a folder.",
  });
}

/** Arrays one after another as one; 64-bit numbers may have come as different types. */
export function joinParts(parts: readonly VoxelArray[]): VoxelArray {
  if (parts.length === 1) return parts[0];
  const same = parts.every((part) => part.constructor === parts[0].constructor);
  const Voxels = (same ? parts[0].constructor : Float64Array) as new (length: number) => VoxelArray;
  const joined = new Voxels(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
