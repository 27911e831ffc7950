// Files that go with a converted image: the acquisition's parameters as BIDS has them, b-values and gradients.

import { pathKind, readFileBytes } from "#files";
import { determinant, type Matrix3, type Volume } from "../../base/index.ts";
import type { DiffusionTable, Scan } from "./scans.ts";

export interface TextFile {
  readonly path: string;
  readonly content: string;
}

/**
 * `.json` with the parameters of the acquisition, and `.bval` and `.bvec` of a diffusion-weighted image.
 * @param stem path of the image without its extension
 */
export function sidecars({ header, diffusion, image, format }: Scan, stem: string): TextFile[] {
  if (format !== "dicom") return [];
  const files = [{ path: `${stem}.json`, content: `${JSON.stringify(header, undefined, 2)}\n` }];
  if (!diffusion || image.geometry.frame !== "LPS") return files;
  return [...files, ...gradientFiles(diffusion, image as Volume, stem)];
}

/** The parameters in a `.json` beside an image; none where there is no such file. */
export async function readSidecar(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = `${withoutEnding(path)}.json`;
  if ((await pathKind(file)) !== "file") return {};
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(await readFileBytes(file)));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? { ...parsed }
      : {};
  } catch {
    // Some other JSON under the image's name: it is not ours to judge.
    return {};
  }
}

/** A path without the ending of its format: "a/b" of "a/b.nii.gz". */
export function withoutEnding(path: string): string {
  return path.replace(/\.(nii|hdr|img|gipl)\.gz$|\.[^./\\]+$/i, "");
}

/** As FSL reads them: gradients along the voxel axes, the first mirrored where these are right-handed. */
function gradientFiles(diffusion: DiffusionTable, { geometry }: Volume, stem: string): TextFile[] {
  const vectors = diffusion.map(({ gradient }) => alongVoxelAxes(gradient, geometry.direction));
  const rows = [0, 1, 2].map((axis) => vectors.map((vector) => shorten(vector[axis])).join(" "));
  return [
    { path: `${stem}.bval`, content: `${diffusion.map(({ bValue }) => bValue).join(" ")}\n` },
    { path: `${stem}.bvec`, content: `${rows.join("\n")}\n` },
  ];
}

function alongVoxelAxes(
  gradient: readonly [number, number, number] | undefined,
  d: Matrix3,
): readonly number[] {
  if (!gradient) return [0, 0, 0];
  const along = [0, 1, 2].map(
    (column) => d[column] * gradient[0] + d[3 + column] * gradient[1] + d[6 + column] * gradient[2],
  );
  // FSL's convention: where the axes are right-handed, x counts from the other side.
  return determinant(d) > 0 ? [-along[0], along[1], along[2]] : along;
}

function shorten(value: number): string {
  return String(Number(value.toFixed(6)) + 0);
}
