// Which axes of a NRRD file are in space and what the others are: times, colours, components.

import type { ChannelAxis, Geometry } from "../../base/index.ts";
import type { GeometryChoice } from "../images/stated-geometry.ts";
import type { NrrdAxis, NrrdFields } from "./fields.ts";
import { placeOf } from "./place.ts";

/** How the file's array becomes an image. */
export interface NrrdLayout {
  readonly geometry: Geometry;
  /** Slowest first. */
  readonly channels: readonly ChannelAxis[];
  /** Axes of the file, fastest first, in the order of the image: i, j, k, then channels from the fastest. */
  readonly order: readonly number[];
  readonly notes: readonly string[];
}

const spatialKinds = ["domain", "space"];

/** Names that the project has for some kinds; the others keep theirs. */
const channelNames: Readonly<Record<string, string>> = {
  ...{ "rgb-color": "color", "rgba-color": "color", "3-color": "color", "4-color": "color" },
  ...{ vector: "vector", "2-vector": "vector", "3-vector": "vector", "4-vector": "vector" },
  ...{
    "covariant-vector": "vector",
    "3-gradient": "vector",
    "3-normal": "vector",
    normal: "vector",
  },
  domain: "list",
  space: "list",
};

/** @throws RoentgenError as `placeOf` does */
export function layOut(fields: NrrdFields, choice: GeometryChoice, name: string): NrrdLayout {
  const { axes } = fields;
  const { spatial, notes } = spatialAxes(fields);
  const others = [...axes.keys()].filter((at) => !spatial.includes(at));
  const inSpace = spatial.map((at) => axes[at]);
  const place = placeOf(inSpace, fields, choice, name);
  const channels = others
    .filter((at) => !isStub(axes[at]))
    .map((at) => channelOf(axes[at], fields));
  return {
    geometry: place.geometry,
    channels: channels.reverse(),
    order: [...spatial, ...others],
    notes: [...notes, ...place.notes, ...colourNotes(others.map((at) => axes[at]))],
  };
}

function spatialAxes(fields: NrrdFields): { spatial: number[]; notes: string[] } {
  const { axes } = fields;
  const all = [...axes.keys()];
  const hasKinds = axes.some(({ kind }) => kind !== undefined);
  const candidates = all.filter((at) => {
    const { vector, kind } = axes[at];
    if (fields.oriented) return vector?.slice(0, 3).some((part) => part !== 0);
    return !hasKinds || (kind !== undefined && spatialKinds.includes(kind));
  });
  const spatial = candidates.slice(0, 3);
  if (candidates.length === spatial.length) return { spatial, notes: [] };
  const rest = hasKinds || fields.oriented ? "more than three are" : "no kinds are told";
  return { spatial, notes: [`The first three axes were taken as space: ${rest}.`] };
}

/** One value along an axis that says that it stands for none. */
function isStub({ kind, size }: NrrdAxis): boolean {
  return size === 1 && (kind === "stub" || kind === "scalar");
}

function channelOf(axis: NrrdAxis, fields: NrrdFields): ChannelAxis {
  const { kind = "list", size, label } = axis;
  const timeStep = axis.vector?.[3];
  const isTime = kind === "time" || (kind === "list" && label === "time");
  if (isTime || timeStep !== undefined) return timeAxis(axis, fields);
  const named = channelNames[kind] ?? kind;
  return { name: named === "list" ? (label ?? named) : named, size };
}

/** Time from the fourth component of space, else from the axis's own spacing. */
function timeAxis(
  { size, vector, spacing, min = 0, unit }: NrrdAxis,
  fields: NrrdFields,
): ChannelAxis {
  const step = vector?.[3] ?? spacing;
  const start = vector ? (fields.origin?.[3] ?? 0) : min;
  const told = (vector ? fields.spaceUnits?.[3] : undefined) ?? unit;
  return {
    name: "time",
    size,
    ...(step !== undefined && {
      values: Array.from({ length: size }, (_, at) => start + at * step),
    }),
    ...(told && { unit: told }),
  };
}

function colourNotes(others: readonly NrrdAxis[]): string[] {
  const vague = others.some(({ kind }) => kind === "3-color" || kind === "4-color");
  return vague ? ["Colours of a kind that the file does not name were taken as RGB."] : [];
}
