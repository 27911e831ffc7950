// The cases of the imaging benchmark, named as in peer.py: what is loaded, and what is timed.

import { readFileSync } from "node:fs";
import { type Image, makeImage, patientGeometry, type Triple } from "../../src/base/index.ts";
import {
  applyTransforms,
  clahe,
  connectedComponents,
  dilate,
  distanceTransform,
  equaliseHistogram,
  fillHoles,
  imageStatistics,
  medianFilter,
  otsuThreshold,
} from "../../src/imaging/index.ts";

type Work = () => unknown;
type Load = (file: string) => Image;

const cases: Record<string, (load: Load) => Work> = {
  "components, blobs, 6 neighbours": (load) => {
    const mask = load("blobs.u8");
    return () => connectedComponents(mask);
  },
  "components, blobs, 26 neighbours": (load) => {
    const mask = load("blobs.u8");
    return () => connectedComponents(mask, { connectivity: 26 });
  },
  "components, noise, 6 neighbours": (load) => {
    const mask = load("noise.u8");
    return () => connectedComponents(mask);
  },
  "components, noise, 26 neighbours": (load) => {
    const mask = load("noise.u8");
    return () => connectedComponents(mask, { connectivity: 26 });
  },
  "distance transform, blobs": (load) => {
    const mask = load("blobs.u8");
    return () => distanceTransform(mask, { unit: "voxels" });
  },
  "distance transform, blobs, 1 thread": (load) => {
    const mask = load("blobs.u8");
    return () => distanceTransform(mask, { unit: "voxels", threads: 1 });
  },
  "distance transform, blobs, in mm": (load) => {
    const mask = load("blobs.u8");
    return () => distanceTransform(mask);
  },
  "distance transform, noise": (load) => {
    const mask = load("noise.u8");
    return () => distanceTransform(mask, { unit: "voxels" });
  },
  "fill holes, blobs": (load) => {
    const mask = load("blobs.u8");
    return () => fillHoles(mask);
  },
  "dilate by a ball of 3, blobs": (load) => {
    const mask = load("blobs.u8");
    return () => dilate(mask, { radius: 3 });
  },
  "dilate by a box of 5, grey": (load) => {
    const grey = load("grey.i16");
    return () => dilate(grey, { shape: "box", radius: 5 });
  },
  "median of 3 × 3 × 3, grey": (load) => {
    const grey = load("grey.i16");
    return () => medianFilter(grey);
  },
  "statistics and 7 percentiles, grey": (load) => {
    const grey = load("grey.i16");
    return () => imageStatistics(grey);
  },
  "statistics and 7 percentiles, float": (load) => {
    const grey = load("grey.i16");
    const fractions = { ...grey, data: Float32Array.from(grey.data, (value) => value / 3) };
    return () => imageStatistics(fractions);
  },
  "Otsu's threshold, grey": (load) => {
    const grey = load("grey.i16");
    return () => otsuThreshold(grey);
  },
  "histogram equalisation, grey": (load) => {
    const grey = load("grey.i16");
    return () => equaliseHistogram(grey);
  },
  "CLAHE, grey": (load) => {
    const grey = load("grey.i16");
    return () => clahe(grey);
  },
};

for (const interpolation of ["linear", "cubic"] as const) {
  for (const threads of [1, 2]) {
    cases[`resample ${interpolation}, to 1.25 as many, ${threads} threads`] = (load) => {
      const image = asFloat(load("grey.i16"));
      const size = image.geometry.size.map((length) => Math.round(1.25 * length));
      const step = { name: "resize", size, interpolation };
      return () => applyTransforms(image, [step], { threads });
    };
    cases[`resample ${interpolation}, turned, ${threads} threads`] = (load) => {
      const image = asFloat(load("grey.i16"));
      const step = { name: "rotate", degrees: [5, 7, 12], interpolation, outside: 0 };
      return () => applyTransforms(image, [step], { threads });
    };
  }
}

/** What the rival is given too, so that neither converts. */
function asFloat(image: Image): Image {
  return { ...image, data: Float32Array.from(image.data) };
}

export const caseNames: readonly string[] = Object.keys(cases);

/** Loads what a case needs and returns what is to be timed. */
export function prepareCase(name: string, folder: string, side: number): Work {
  return cases[name]((file) => loadVolume(`${folder}/${file}`, side));
}

const SPACING: Triple = [0.7, 0.7, 2.5];

function loadVolume(path: string, side: number): Image {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const geometry = patientGeometry({
    size: [side, side, side],
    spacing: SPACING,
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  });
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  const data = path.endsWith(".u8") ? new Uint8Array(bytes) : new Int16Array(bytes);
  return makeImage({ geometry, data });
}
