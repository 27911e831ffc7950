// Reads scans through the front doors: the same program for Node and for browsers.

import {
  type Geometry,
  memorySource,
  RoentgenError,
  type VoxelArray,
  voxelType,
} from "../../src/base/index.ts";
import { listDicom, listedEntries, readImage, readVolume } from "../../src/formats/index.ts";
import { digest } from "./digest.ts";

/** What came of a file: type and digest of its voxels, or the code of the refusal. */
export interface ReadScan {
  readonly name: string;
  readonly voxels: string;
  readonly geometry?: Geometry;
  readonly problem?: string;
  /** Of pictures that every decoder rounds its own way, as `ROUNDED` names them. */
  readonly values?: readonly number[];
}

interface Reading {
  fetchFile(name: string): Promise<Uint8Array>;
  /** Where the compiled decoders are. */
  readonly wasm: string | undefined;
}

/** Pictures that every decoder rounds its own way. */
export const ROUNDED = /\.jpe?g$/;

/** Reads each file by itself, and those of the folder `series` together. */
export async function readScans(
  names: readonly string[],
  { fetchFile, wasm }: Reading,
): Promise<ReadScan[]> {
  const options = wasm === undefined ? {} : { webAssemblyModulePathOrUrl: wasm };
  const results: ReadScan[] = [];
  for (const name of names) {
    const source = memorySource(await fetchFile(name), name);
    results.push({
      name,
      ...(await outcome(name, async () => (await readImage(source, options)).image)),
    });
  }
  const slices = names.filter((name) => name.startsWith("series/"));
  const sources = slices.map(async (name) => memorySource(await fetchFile(name), name));
  const [entry] = listedEntries(await listDicom(await Promise.all(sources)));
  if (entry?.kind !== "volume") return results;
  const series = await outcome("series", async () => (await readVolume(entry, options)).image);
  return [...results, { name: "series", ...series }];
}

async function outcome(
  name: string,
  read: () => Promise<{ data: VoxelArray; geometry: Geometry }>,
): Promise<Omit<ReadScan, "name">> {
  try {
    const { data, geometry } = await read();
    const voxels = `${data.length} of ${voxelType(data)}: ${digest(data)}`;
    return { voxels, geometry, ...(ROUNDED.test(name) && { values: [...data] }) };
  } catch (error) {
    if (!(error instanceof RoentgenError)) throw error;
    return { voxels: error.code, problem: error.message };
  }
}
