// A picture of a scan to look at: planes through its middle, side by side, lettered with the patient's sides.

import {
  type Image,
  makeImage,
  type PatientGeometry,
  type VoxelArray,
  voxelCount,
} from "../../base/index.ts";
import { type DisplayWindow, windowFor } from "./display-window.ts";
import { colourOfLabel, flattenSegments, type LabelLegend } from "./label-colours.ts";
import { drawLetterInPlace } from "./letters.ts";
import { type Plane, planesThroughMiddle } from "./planes.ts";
import { sampleOnGrid } from "./sample-on-grid.ts";

/** Pixels of 8 bits, rows from the top, samples of a pixel together. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 red, green, blue. */
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

export interface PictureOptions {
  /** Pixels along the longest side of the largest plane; by default 320. */
  longest?: number;
  /** Values shown as black and white; by default fitted to the image. */
  window?: DisplayWindow;
  /** A mask or label map on any grid of the same frame, drawn over the image in colours. */
  mask?: Image;
  /** Of an image of labels, or with a channel a segment: what is drawn in which colour instead of in grey. */
  labels?: LabelLegend;
}

/** How much of the label's colour is seen. */
const OPACITY = 0.45;

/** Pixels between planes. */
const GAP = 4;

/**
 * Draws an image. A volume is shown in three planes with R, L, A, P, S, I where they are; a film, a frame or a
 * picture as it is; of several time points, colours excepted, the first.
 */
export function pictureOf(image: Image, options: PictureOptions = {}): Picture {
  const { longest = 320, mask, labels } = options;
  if (labels) return pictureOfLabels(flattenSegments(image, labels), labels, longest);
  const shown = firstOf(image);
  const window = options.window ?? windowFor(shown);
  const views = planesOf(shown, longest).map((plane) => drawPlane(shown, plane, window, mask));
  return sideBySide(views);
}

function pictureOfLabels(image: Image, legend: LabelLegend, longest: number): Picture {
  const one = firstOf(image);
  const views = planesOf(one, longest).map((plane): Picture => {
    const [width, height] = plane.geometry.size;
    const data = new Uint8Array(width * height * 3);
    const placed = { ...one, geometry: asPlaced(one.geometry) };
    const values = sampleOnGrid(placed, plane.geometry, "nearest");
    const picture: Picture = { width, height, channels: 3, data };
    tintInPlace(picture, values, { legend, opacity: 1 });
    letterInPlace(picture, plane);
    return picture;
  });
  return sideBySide(views);
}

/** One channel, or the colours of one moment. */
function firstOf(image: Image): Image {
  const colour = image.channels.at(-1);
  const isColour = colour?.name === "color" && colour.size >= 3;
  const values = isColour ? 3 : 1;
  const data = image.data.subarray(0, values * voxelCount(image.geometry)) as VoxelArray;
  const channels = isColour ? [{ name: "color", size: 3 }] : [];
  return makeImage({ geometry: image.geometry, data, channels, unit: image.unit });
}

/** Planes in millimetres; a grid without a place in the patient is taken as one, its letters left out. */
function planesOf({ geometry }: Image, longest: number): Plane[] {
  const planes = planesThroughMiddle(asPlaced(geometry), longest);
  if (geometry.frame === "LPS") return planes;
  return planes.map((plane) => ({ ...plane, sides: { left: "", right: "", top: "", bottom: "" } }));
}

function asPlaced(geometry: Image["geometry"]): PatientGeometry {
  if (geometry.frame === "LPS") return geometry;
  const { size, spacing = [1, 1, 1] as const } = geometry;
  return { frame: "LPS", size, spacing, origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
}

function drawPlane(
  image: Image,
  plane: Plane,
  { low, high }: DisplayWindow,
  mask?: Image,
): Picture {
  const [width, height] = plane.geometry.size;
  const pixels = width * height;
  const placed = { ...image, geometry: asPlaced(image.geometry) };
  const values = sampleOnGrid(placed, plane.geometry, "linear");
  const samples = values.length / pixels;
  const channels = samples === 3 || mask ? 3 : 1;
  const data = new Uint8Array(pixels * channels);
  const scale = 255 / (high - low || 1);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      const value = values[(samples === 3 ? channel * pixels : 0) + pixel];
      // Outside the volume there is no value: black.
      data[pixel * channels + channel] = Math.min(
        255,
        Math.max(0, Math.round((value - low) * scale) || 0),
      );
    }
  }
  const picture: Picture = { width, height, channels, data };
  if (mask)
    tintInPlace(
      picture,
      sampleOnGrid({ ...mask, geometry: asPlaced(mask.geometry) }, plane.geometry, "nearest"),
      { opacity: OPACITY },
    );
  letterInPlace(picture, plane);
  return picture;
}

/** Draws labels; without a legend those above 0. */
function tintInPlace(
  { data }: Picture,
  labels: Float32Array,
  { legend, opacity }: { legend?: LabelLegend; opacity: number },
): void {
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel];
    const isLabel = legend ? label !== legend.background : label > 0;
    if (Number.isNaN(label) || !isLabel) continue;
    const colour = colourOfLabel(label, legend);
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 3 + channel;
      data[at] = (1 - opacity) * data[at] + opacity * colour[channel];
    }
  }
}

function letterInPlace(picture: Picture, { sides }: Plane): void {
  const { width, height } = picture;
  if (Math.min(width, height) < 48) return;
  const edge = height >= 400 ? 14 : 8;
  drawLetterInPlace(picture, sides.left, edge, height / 2);
  drawLetterInPlace(picture, sides.right, width - edge, height / 2);
  drawLetterInPlace(picture, sides.top, width / 2, edge);
  drawLetterInPlace(picture, sides.bottom, width / 2, height - edge);
}

/** Planes in a row on black, each in the middle of the row's height. */
function sideBySide(views: readonly Picture[]): Picture {
  if (views.length === 1) return views[0];
  const channels = views[0].channels;
  const width = views.reduce((sum, view) => sum + view.width, 0) + GAP * (views.length - 1);
  const height = Math.max(...views.map((view) => view.height));
  const data = new Uint8Array(width * height * channels);
  let left = 0;
  for (const view of views) {
    const top = (height - view.height) >> 1;
    for (let row = 0; row < view.height; row++) {
      const from = row * view.width * channels;
      const line = view.data.subarray(from, from + view.width * channels);
      data.set(line, ((top + row) * width + left) * channels);
    }
    left += view.width + GAP;
  }
  return { width, height, channels, data };
}
