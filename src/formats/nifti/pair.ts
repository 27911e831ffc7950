// The two files of a pair, whichever of them was given: scan.hdr and scan.img, gzipped or not.

import { type ByteSource, RoentgenError } from "../../base/index.ts";
import type { OpenBeside } from "../images/image-file.ts";

export interface Pair {
  readonly header: ByteSource;
  /** The file of the voxels. */
  voxels(): Promise<ByteSource>;
  /** Closes what was opened beside the given file. */
  close(): Promise<void>;
}

/** A file named .img is taken for the voxels of a pair, any other for its header, or for both in one. */
export async function openPair(source: ByteSource, beside: OpenBeside | undefined): Promise<Pair> {
  const opened: ByteSource[] = [];
  const open = async (ending: "hdr" | "img") => {
    const other = await openOther(source, ending, beside);
    opened.push(other);
    return other;
  };
  const isVoxels = /\.img(\.gz)?$/i.test(source.name);
  return {
    header: isVoxels ? await open("hdr") : source,
    voxels: async () => (isVoxels ? source : open("img")),
    close: async () => {
      for (const other of opened) await other.close();
    },
  };
}

/** Tries the same compression first, then the other. */
async function openOther(
  { name }: ByteSource,
  ending: "hdr" | "img",
  beside: OpenBeside | undefined,
): Promise<ByteSource> {
  const [stem, gz] = splitName(name);
  const names = [`${stem}.${ending}${gz}`, `${stem}.${ending}${gz ? "" : ".gz"}`];
  let cause: unknown;
  for (const candidate of beside ? names : []) {
    try {
      return await (beside as OpenBeside)(candidate);
    } catch (error) {
      if (!(error instanceof RoentgenError)) throw error;
      cause ??= error;
    }
  }
  throw new RoentgenError("value-missing", {
    problem: `Cannot read ${name}`,
    expected: `its other half, ${names[0]}, beside it`,
    found: beside ? "none" : "no way to open it",
    remedy: beside
      ? "Put both files of the pair into one folder."
      : "Say how to open files beside this one: { beside: (name) => … }.",
    subject: name,
    cause,
  });
}

/** The file's name without folder and ending, and ".gz" if it has that. */
function splitName(path: string): [stem: string, gz: "" | ".gz"] {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const gz = /\.gz$/i.test(name) ? ".gz" : "";
  return [name.replace(/\.gz$/i, "").replace(/\.[^.]*$/, ""), gz];
}
