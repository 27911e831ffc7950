// Philips' scale slope: from values scaled for display to those of the scanner (Chenevert et al., "Errors in
// quantitative image analysis due to platform-dependent image scaling", Transl Oncol 2014).

import type { DataSet } from "../data-set/data-set.ts";
import { text } from "../data-set/values.ts";
import { modalityOf } from "../pixels/modality.ts";
import { type PrivateTag, privateElement, privateNumbers } from "./private-elements.ts";

const SCALE_SLOPE: PrivateTag = {
  group: 0x2005,
  creator: "Philips MR Imaging DD 001",
  element: 0x0e,
};
const PHILIPS_FRAME: PrivateTag = {
  group: 0x2005,
  creator: "Philips MR Imaging DD 005",
  element: 0x0f,
};

/** Philips' private item of a frame of an enhanced object: what the frame's own classic object would say. */
export function philipsFrameItem(view: DataSet): DataSet | undefined {
  const found = privateElement(view, PHILIPS_FRAME);
  return found?.kind === "sequence" ? found.items[0] : undefined;
}

/**
 * Slope and intercept from stored to precise values: (stored · RS + RI) / (RS · SS), with the rescale of the header
 * (RS, RI) and the private scale slope (SS). Undefined of images of others, and where there is no scale slope.
 */
export function philipsPrecise(
  view: DataSet,
  stored: { readonly signed: boolean },
): { readonly slope: number; readonly intercept: number } | undefined {
  if (!/philips/i.test(text(view, "Manufacturer") ?? "")) return undefined;
  const [scale] = privateNumbers(philipsFrameItem(view) ?? view, SCALE_SLOPE, "FL");
  if (!(scale > 0) || !Number.isFinite(scale)) return undefined;
  const modality = modalityOf(view, stored);
  if (modality.kind !== "linear") return undefined;
  const { slope, intercept } = modality;
  return { slope: 1 / scale, intercept: intercept / (slope * scale) };
}
