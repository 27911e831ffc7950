// The header of a NIfTI file to be written, and what a caller may say of it.

import {
  type ChannelAxis,
  checkParameters,
  type Image,
  integer,
  number,
  oneOf,
  parameters,
  RoentgenError,
  rules,
  type VoxelType,
  words,
} from "../../base/index.ts";
import { type Fields, writeFields } from "../elements/binary-fields.ts";
import { bytesOf } from "./data-types.ts";
import type { NiftiExtension } from "./extensions.ts";
import { geometryFields, type NiftiSpace } from "./geometry-fields.ts";
import { NIFTI1, NIFTI2 } from "./layouts.ts";
import type { StoredOrder } from "./stored-order.ts";
import { fourthAxisCode } from "./units.ts";

export interface NiftiWriteOptions {
  /** 1, or 2 for axes of more than 32767 voxels; by default the lowest that holds the image. */
  version?: 1 | 2;
  /** Element type in the file; by default that of the voxels. Values must fit. */
  type?: VoxelType;
  /** What the coordinates mean: the code of sform and qform; "scanner" by default. */
  space?: NiftiSpace;
  /** Up to 79 characters. */
  description?: string;
  /** What the values are: a NIFTI_INTENT code, its name and up to three parameters. */
  intent?: { code: number; name?: string; parameters?: readonly number[] };
  /** Values that viewers show black and white. */
  displayRange?: readonly [number, number];
  /** Blocks after the header, as `readNifti` gives them. */
  extensions?: readonly NiftiExtension[];
}

const rule = parameters({
  version: rules.union([rules.literal(1), rules.literal(2)], { error: "1 or 2" }).optional(),
  type: oneOf(
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "uint32",
    "float32",
    "float64",
  ).optional(),
  space: oneOf("scanner", "aligned", "talairach", "mni", "template").default("scanner"),
  description: words().max(79, { error: "at most 79 characters" }).default(""),
  intent: parameters({
    code: integer({ min: 0, max: 32767 }),
    name: words().max(15, { error: "at most 15 characters" }).optional(),
    parameters: rules.array(number()).max(3).optional(),
  }).optional(),
  displayRange: rules.tuple([number(), number()]).optional(),
  extensions: rules
    .array(rules.object({ code: integer(), bytes: rules.instanceof(Uint8Array) }))
    .default([]),
});

export type Settings = ReturnType<typeof checkParameters<typeof rule>>;

/** @throws RoentgenError "bad-option" */
export function checkWriteOptions(options: NiftiWriteOptions | undefined): Settings {
  return checkParameters(rule, options, "NIfTI file");
}

/** The fixed header: 348 bytes of NIfTI-1 or 540 of NIfTI-2, little-endian. */
export function headerBytes(
  image: Image,
  written: { settings: Settings; order: StoredOrder; single: boolean; extensionBytes: number },
): Uint8Array {
  const { settings, order, single, extensionBytes } = written;
  const lengths = [...image.geometry.size, ...order.axes.map((axis) => axis?.size ?? 1)];
  const version = niftiVersion(lengths, settings.version);
  const fixed = version === 1 ? 348 : 540;
  const fields = {
    sizeof_hdr: fixed,
    dim: [Math.max(3, lengths.findLastIndex((length) => length > 1) + 1), ...lengths],
    datatype: order.type.code,
    bitpix: 8 * order.type.parts * bytesOf(order.type.stored),
    vox_offset: single ? fixed + extensionBytes : 0,
    scl_slope: 1,
    scl_inter: 0,
    descrip: settings.description,
    cal_min: settings.displayRange?.[0] ?? 0,
    cal_max: settings.displayRange?.[1] ?? 0,
    magic: `n${single ? "+" : "i"}${version}`,
    eol_check: [13, 10, 26, 10],
    ...intentFields(settings, order),
    ...axisFields(image, order, settings),
  };
  return writeFields(fields as Fields, version === 1 ? NIFTI1 : NIFTI2, "little");
}

/** The most voxels that NIfTI-1 can count along an axis. */
const LONGEST_NIFTI1 = 32767;

function niftiVersion(lengths: readonly number[], asked: 1 | 2 | undefined): 1 | 2 {
  const longest = Math.max(...lengths);
  if (longest <= LONGEST_NIFTI1) return asked ?? 1;
  if (asked !== 1) return 2;
  throw new RoentgenError("shape-mismatch", {
    problem: "Cannot write the image as NIfTI-1",
    expected: `axes of at most ${LONGEST_NIFTI1} voxels`,
    found: `${longest}`,
    remedy: "Leave out the version, or choose 2.",
  });
}

function intentFields({ intent }: Settings, { axes: [, fifth] }: StoredOrder): Fields {
  const axisIntent = fifth ? fifthAxisIntent(fifth) : 0;
  const { code = axisIntent, name = "", parameters: [p1 = 0, p2 = 0, p3 = 0] = [] } = intent ?? {};
  return { intent_code: code, intent_name: name, intent_p1: p1, intent_p2: p2, intent_p3: p3 };
}

/** nifti1.h, "NIFTI_INTENT_VECTOR", "_RGB_VECTOR" and "_RGBA_VECTOR". */
function fifthAxisIntent({ name, size }: ChannelAxis): number {
  if (name === "color") return size === 3 ? 2003 : 2004;
  return name === "vector" ? 1007 : 0;
}

/** Spacing, units and place. The fourth axis has a unit where its entries are evenly apart in one. */
function axisFields(image: Image, { axes: [fourth] }: StoredOrder, { space }: Settings): Fields {
  const { geometry } = image;
  const { pixdim = [], ...place } = geometryFields(geometry, space);
  const known = geometry.frame === "LPS" || geometry.spacing !== undefined;
  const { code, factor } = fourthAxisCode(fourth?.unit);
  const step = fourth && code > 0 ? evenStep(fourth.values ?? []) : undefined;
  return {
    ...(place as Fields),
    pixdim: [...pixdim, step === undefined ? 1 : step * factor, 1, 1, 1],
    toffset: step === undefined ? 0 : (fourth?.values?.[0] ?? 0) * factor,
    xyzt_units: (known ? 2 : 0) + (step === undefined ? 0 : code),
  };
}

/** The distance of neighbours where it is the same everywhere, up to rounding, and above 0. */
function evenStep(values: readonly number[]): number | undefined {
  const step = (values[values.length - 1] - values[0]) / (values.length - 1);
  const even = values.every((v, at) => Math.abs(v - (values[0] + at * step)) <= 1e-4 * step);
  return values.length > 1 && step > 0 && even ? step : undefined;
}
