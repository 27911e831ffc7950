// Asks ITK (through @itk-wasm/image-io, installed in a folder of its own) what the NRRD and MetaImage samples hold,
// and to read back what we write; itk.json keeps what it said:
// node --conditions=roentgen-source make-itk.ts <folder with node_modules>

import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { channelCount, indexToWorld } from "../../../../src/base/index.ts";
import { hashOf } from "../hash.ts";
import type { Sample } from "../samples.ts";
import { fingerprint, writtenImages } from "../written-images.ts";

interface ItkImage {
  imageType: { components: number };
  size: number[];
  spacing: number[];
  origin: number[];
  direction: Float64Array;
  data: ArrayLike<number> & { buffer: ArrayBuffer };
}

const folder = resolve(process.argv[2]);
const packageFolder = join(folder, "node_modules/@itk-wasm/image-io");
const { version, exports: entry } = JSON.parse(
  readFileSync(join(packageFolder, "package.json"), "utf8"),
);
const { readImageNode } = await import(pathToFileURL(join(packageFolder, entry["."].node)).href);

async function read(files: Iterable<readonly [string, Uint8Array]>): Promise<ItkImage | string> {
  const place = mkdtempSync(join(tmpdir(), "itk-"));
  const written = [...files].map(([name, bytes]) => {
    writeFileSync(join(place, name), bytes);
    return join(place, name);
  });
  return readPath(written[0]);
}

async function readPath(path: string): Promise<ItkImage | string> {
  try {
    return await readImageNode(path);
  } catch (error) {
    // ITK's exceptions arrive as addresses in the memory of its WebAssembly.
    const words = String((error as Error).message ?? error).split("\n")[0];
    return /^\d+$/.test(words) ? "an exception" : words;
  }
}

/** Values as [channel, k, j, i] float64. */
function planes({ imageType: { components }, data }: ItkImage): Float64Array {
  const values = Float64Array.from(data, Number);
  const pixels = values.length / components;
  return Float64Array.from(
    values,
    (_, at) => values[(at % pixels) * components + Math.floor(at / pixels)],
  );
}

function affineOf({ spacing, origin, direction, size }: ItkImage): number[][] {
  const n = size.length;
  return [0, 1, 2].map((row) => [
    ...[0, 1, 2].map((column) => direction[row * n + column] * spacing[column]),
    origin[row],
  ]);
}

function differ(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean {
  return a.flat().some((value, at) => !(Math.abs(value - b.flat()[at]) < 1e-6));
}

/** "equal", or in what it differs from what the definition says. */
function compare(found: ItkImage | string, sample: Sample): string {
  if (typeof found === "string") return `refused with ${found}`;
  const faults: string[] = [];
  const data = planes(found);
  const size = [...sample.shape].slice(-3).reverse();
  if (
    found.size.slice(0, 3).some((n, at) => n !== size[at]) ||
    data.length !== sample.shape.reduce((a, b) => a * b, 1)
  ) {
    faults.push(`size ${found.size.join(" ")}`);
  } else if (hashOf({ data }) !== sample.sha256) faults.push("values");
  if (sample.affine && found.size.length < 3) faults.push("no place");
  else if (sample.affine && differ(affineOf(found), sample.affine)) faults.push("place");
  if (
    sample.spacing &&
    found.spacing.some((mm, at) => at < 3 && Math.abs(mm - (sample.spacing as number[])[at]) > 1e-6)
  ) {
    faults.push(`spacing ${found.spacing.join(" ")}`);
  }
  return faults.length === 0 ? "equal" : faults.join("; ");
}

async function readSamples(format: string): Promise<Record<string, string>> {
  const path = new URL(`../../${format}/expected/samples.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(path, "utf8")) as { cases: Sample[] };
  const outcomes: Record<string, string> = {};
  for (const sample of cases) {
    const files = Object.entries(sample.files).map(
      ([name, base64]) => [name, Buffer.from(base64, "base64")] as [string, Uint8Array],
    );
    outcomes[sample.name] = compare(await read(files), sample);
  }
  return outcomes;
}

/** What ITK found in what we wrote, and a fingerprint of files whose bytes do not depend on a compressor. */
async function readBack(): Promise<Record<string, { outcome: string; fingerprint?: string }>> {
  const outcomes: Record<string, { outcome: string; fingerprint?: string }> = {};
  for (const written of await writtenImages()) {
    const { name, image, files } = written;
    const a = indexToWorld(image.geometry);
    const outcome = compare(await read(files), {
      name,
      files: {},
      channels: [],
      shape: [channelCount(image), ...[...image.geometry.size].reverse()],
      sha256: hashOf(image),
      ...(image.geometry.frame === "LPS"
        ? { affine: [a.slice(0, 4), a.slice(4, 8), a.slice(8, 12)] }
        : { spacing: image.geometry.spacing }),
    });
    outcomes[name] = {
      outcome,
      ...(name.endsWith("raw") && { fingerprint: fingerprint(written) }),
    };
  }
  return outcomes;
}

/** What ITK finds in real files that are not part of the project. */
async function readShared(): Promise<Record<string, unknown>> {
  const root = new URL("../../../../../shared/data/", import.meta.url).pathname;
  const folders = ["volumes/nrrd", "volumes/metaimage", "pyradiomics"];
  const more = ["dicom/dcmqi/data/segmentations", "dicom/dcmqi/data/paramaps"];
  const found: Record<string, unknown> = {};
  for (const folder of [...folders, ...more]) {
    for (const file of readdirSync(join(root, folder)).filter((name) =>
      /\.(nrrd|nhdr|mha|mhd)$/.test(name),
    )) {
      const image = await readPath(join(root, folder, file));
      found[`${folder}/${file}`] =
        typeof image === "string"
          ? { refused: image }
          : { size: image.size, affine: affineOf(image), sha256: hashOf({ data: planes(image) }) };
    }
  }
  return found;
}

const versions = { "@itk-wasm/image-io": version, node: process.version };
const outcomes = {
  nrrd: await readSamples("nrrd"),
  metaimage: await readSamples("metaimage"),
  written: await readBack(),
  shared: await readShared(),
};
// ITK prints on its own, so the answer goes to a file.
const target = new URL("./itk.json", import.meta.url);
writeFileSync(target, `${JSON.stringify({ versions, ...outcomes }, null, 1)}\n`);
process.exit(0);
