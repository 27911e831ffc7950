// What the pages of a TIFF file are to each other: OME-XML, ImageJ's description, or nothing told.

import type { ChannelAxis, Triple } from "../../../base/index.ts";
import type { Directory } from "./directory.ts";
import { one, TAG } from "./layout.ts";

export interface Stack {
  /** Axes of the pages, fastest first. */
  readonly axes: readonly { readonly name: "z" | "channel" | "time"; readonly size: number }[];
  /** In mm, where the file gives it with a unit of length. */
  readonly spacing: Triple | undefined;
  readonly notes: readonly string[];
}

/** What each unit of OME and ImageJ is in mm. */
const millimetres: Readonly<Record<string, number>> = {
  ...{
    pm: 1e-9,
    nm: 1e-6,
    µm: 1e-3,
    μm: 1e-3,
    um: 1e-3,
    micron: 1e-3,
    microns: 1e-3,
    micrometer: 1e-3,
  },
  ...{
    "\\u00b5m": 1e-3,
    "\\u00B5m": 1e-3,
    mm: 1,
    millimeter: 1,
    cm: 10,
    centimeter: 10,
    m: 1000,
    meter: 1000,
  },
  ...{ inch: 25.4, in: 25.4 },
};

/** @param pages how many there are that belong together */
export function stackOf(first: Directory, pages: number): Stack {
  const told = first.get(TAG.description);
  const description = typeof told === "string" ? told : "";
  const found = description.includes("<OME")
    ? omeStack(description)
    : imageJStack(description, first);
  const total = found?.axes.reduce((product, { size }) => product * size, 1);
  if (found && total === pages) return found;
  const slices = { axes: [{ name: "z" as const, size: pages }], spacing: found?.spacing };
  const note = `The ${pages} pages were taken as slices; the file does not say what they are.`;
  return { ...slices, notes: pages > 1 ? [note] : [] };
}

/** The first image's Pixels element (OME model 2016-06). */
function omeStack(xml: string): Stack | undefined {
  const pixels = /<(?:\w+:)?Pixels\s([^>]*)>/.exec(xml)?.[1];
  if (pixels === undefined) return undefined;
  const attribute = (key: string) => new RegExp(`\\b${key}\\s*=\\s*"([^"]*)"`).exec(pixels)?.[1];
  const size = (axis: string) => Math.max(1, Number(attribute(`Size${axis}`) ?? 1));
  const samples = Math.max(1, Number(/SamplesPerPixel\s*=\s*"(\d+)"/.exec(xml)?.[1] ?? 1));
  const sizes = { z: size("Z"), channel: size("C") / samples, time: size("T") };
  const names = { Z: "z", C: "channel", T: "time" } as const;
  const order = attribute("DimensionOrder") ?? "XYZCT";
  const axes = [...order.slice(2)].flatMap((letter) => {
    const name = names[letter as "Z" | "C" | "T"];
    return name ? [{ name, size: sizes[name] }] : [];
  });
  const length = (axis: string) => {
    const value = Number(attribute(`PhysicalSize${axis}`) ?? Number.NaN);
    // µm unless it says otherwise, as the schema has it.
    return value * (millimetres[attribute(`PhysicalSize${axis}Unit`) ?? "µm"] ?? Number.NaN);
  };
  return { axes, spacing: spacingOf(length("X"), length("Y"), length("Z"), sizes.z), notes: [] };
}

/** Lines such as "slices=5": channels vary fastest, then slices, then frames. */
function imageJStack(description: string, page: Directory): Stack | undefined {
  if (!description.startsWith("ImageJ=")) return undefined;
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, "m").exec(description)?.[1].trim();
  const size = (key: string) => Math.max(1, Number(value(key) ?? 1));
  const scale = millimetres[value("unit") ?? ""] ?? Number.NaN;
  const step = Number(value("spacing") ?? Number.NaN) * scale;
  const [x, y] = [scale / one(page, TAG.xResolution), scale / one(page, TAG.yResolution)];
  const slices = size("slices");
  const known = size("channels") * slices * size("frames");
  const images = size("images");
  return {
    axes: [
      { name: "channel", size: size("channels") },
      { name: "z", size: known === 1 ? images : slices },
      { name: "time", size: size("frames") },
    ],
    spacing: spacingOf(x, y, step, known === 1 ? images : slices),
    notes: [],
  };
}

/** Of a single slice the thickness does not matter. */
function spacingOf(x: number, y: number, z: number, slices: number): Triple | undefined {
  const isLength = (mm: number) => mm > 0 && Number.isFinite(mm);
  const depth = isLength(z) ? z : slices === 1 ? 1 : Number.NaN;
  return isLength(x) && isLength(y) && isLength(depth) ? [x, y, depth] : undefined;
}

/** Pages that are not slices as axes of channels, slowest first. */
export function channelAxes({ axes }: Stack): ChannelAxis[] {
  return axes.filter(({ name, size }) => name !== "z" && size > 1).reverse();
}
