// What the stored values of each frame of a file mean: slope and intercept or table, unit, colour.

import { RoentgenError, type VoxelType } from "../../../base/index.ts";
import type { DataSet, DicomFile } from "../data-set/data-set.ts";
import { number, sequence, text } from "../data-set/values.ts";
import { describePixels, type PixelDescription } from "../pixels/description.ts";
import { type Modality, modalityOf, modalityType } from "../pixels/modality.ts";
import { type Padding, paddingOf } from "../pixels/padding.ts";
import { type Palette, paletteOf } from "../pixels/palette.ts";
import { statedQuantity } from "../quantities/quantity.ts";
import { suvFactor } from "../quantities/suv.ts";
import { imageType } from "./frame-traits.ts";
import { functionalGroups } from "./functional-groups.ts";
import { philipsPrecise } from "./philips-scaling.ts";

/** How Philips' MR values are scaled: "precise" comparable between scans, "display" as the standard's rescale says. */
type PhilipsScaling = "precise" | "display";

/** What values are loaded as, where there is a choice. */
export interface ValueChoices {
  readonly scaling: PhilipsScaling;
  readonly pet?: "stored" | "suvbw";
}

/** Of a file, what loading its frames needs. */
export interface FileValues {
  readonly description: PixelDescription;
  /** Of each wanted frame, by its number. */
  readonly modalities: ReadonlyMap<number, Modality>;
  readonly palette: Palette | undefined;
  readonly padding: Padding | undefined;
  /** Whether some values are scaled by Philips' private slope. */
  readonly isPrecise: boolean;
  readonly notes: readonly string[];
}

/** Samples of a pixel as it is loaded: 3 for colour and palettes, 1 for grey. */
export function samplesLoaded({ description, palette }: FileValues): 1 | 3 {
  return description.samples > 1 || palette ? 3 : 1;
}

/** @param frames numbers of the frames that are wanted */
export function fileValues(
  file: DicomFile,
  frames: readonly number[],
  { scaling, pet = "stored" }: ValueChoices,
): FileValues {
  const { dataSet } = file;
  const description = describePixels(file);
  const groups = functionalGroups(dataSet);
  const isGrey = description.photometric.startsWith("MONOCHROME");
  const view = (frame: number) => groups?.view(frame) ?? dataSet;
  const isPrecise =
    scaling === "precise" && philipsPrecise(view(frames[0] ?? 0), description) !== undefined;
  const context = { description, isPrecise, view, isSuv: pet === "suvbw" };
  const shared = groups ? undefined : frameModality(context, 0);
  const notes = [...file.notes, ...description.notes];
  return {
    description,
    modalities: new Map(
      isGrey ? frames.map((frame) => [frame, shared ?? frameModality(context, frame)]) : [],
    ),
    palette: description.photometric === "PALETTE COLOR" ? paletteOf(dataSet) : undefined,
    padding: isGrey ? paddingOf(dataSet, description) : undefined,
    isPrecise,
    notes,
  };
}

interface Context {
  readonly view: (frame: number) => DataSet;
  readonly description: PixelDescription;
  readonly isPrecise: boolean;
  readonly isSuv: boolean;
}

function frameModality(context: Context, frame: number): Modality {
  const { view, description, isPrecise, isSuv } = context;
  const holding = view(frame);
  const quantity = statedQuantity(holding);
  if (quantity) return quantity;
  if (isSuv && text(holding, "Modality") === "PT") return uptake(holding, description);
  const stated = modalityOf(holding, description);
  const precise = isPrecise ? philipsPrecise(holding, description) : undefined;
  const { unit: _, ...rest } = precise ? ({ kind: "linear", ...precise } as const) : stated;
  // Values of the scanner are in the unit of the rescale only if they are equal to its values.
  const unit = unitOf(holding, { ...stated, ...rest } as Modality);
  return unit === undefined ? (rest as Modality) : { ...rest, unit };
}

function uptake(view: DataSet, description: PixelDescription): Modality {
  const stored = modalityOf(view, description);
  const factor = suvFactor(view);
  if (stored.kind !== "linear") throw unexpectedTable();
  const { slope, intercept } = stored;
  return { kind: "linear", slope: slope * factor, intercept: intercept * factor, unit: "SUVbw" };
}

function unexpectedTable(): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: "Cannot give standardised uptake values",
    expected: "a rescale slope",
    found: "a Modality LUT",
  });
}

/** The unit of rescaled values: of CT HU unless it says otherwise (PS3.3 C.8.2.1.1.6), of PET its Units. */
function unitOf(view: DataSet, modality: Modality): string | undefined {
  switch (text(view, "Modality")) {
    case "CT":
      return modality.unit ?? (isLocalizer(view) ? undefined : "HU");
    case "PT":
      return petUnit(text(view, "Units")) ?? modality.unit;
    case "MR":
      return realWorldUnit(view, modality);
    default:
      return modality.unit;
  }
}

function isLocalizer(view: DataSet): boolean {
  return imageType(view).includes("LOCALIZER");
}

const PET_UNITS: Readonly<Record<string, string>> = {
  BQML: "Bq/mL",
  CNTS: "counts",
  GML: "g/mL",
  PROPCNTS: "proportional to counts",
  PROPCPS: "proportional to counts/s",
  CPS: "counts/s",
};

function petUnit(units: string | undefined): string | undefined {
  return units === undefined ? undefined : (PET_UNITS[units] ?? units);
}

/** The unit of the Real World Value Mapping, if it maps as the rescale does. */
function realWorldUnit(view: DataSet, modality: Modality): string | undefined {
  const [mapping] = sequence(view, "RealWorldValueMappingSequence");
  if (!mapping || modality.kind !== "linear") return undefined;
  const slope = number(mapping, "RealWorldValueSlope");
  const intercept = number(mapping, "RealWorldValueIntercept");
  const agrees =
    slope !== undefined &&
    intercept !== undefined &&
    Math.abs(slope - modality.slope) <= 1e-6 * Math.abs(slope) &&
    Math.abs(intercept - modality.intercept) <= 1e-6 * Math.max(1, Math.abs(intercept));
  const [units] = sequence(mapping, "MeasurementUnitsCodeSequence");
  const code = units && text(units, "CodeValue");
  return agrees && code !== "1" ? code : undefined;
}

/** The element type that holds the values of all frames; of colour that of the stored samples. */
export function commonType(files: readonly FileValues[]): VoxelType {
  const types = new Set<VoxelType>();
  for (const file of files) {
    if (file.palette)
      types.add(file.palette.red.entries instanceof Uint8Array ? "uint8" : "uint16");
    else if (file.modalities.size === 0) types.add(file.description.type);
    for (const modality of file.modalities.values()) {
      types.add(modalityType(modality, file.description));
    }
  }
  if (types.size === 1) return [...types][0];
  return widest([...types], Math.max(...files.map(({ description }) => description.bitsStored)));
}

/**
 * int16 where 16 bits and a whole slope and intercept become int32 only because they might not fit. Signed CT with an
 * intercept of −1024 is declared so and hardly ever holds such values: the values themselves decide.
 */
export function narrowerType(files: readonly FileValues[]): "int16" | undefined {
  const isHopeful = ({ description, modalities }: FileValues) =>
    description.bitsAllocated <= 16 &&
    [...modalities.values()].every(({ kind }) => kind === "linear");
  return commonType(files) === "int32" && files.every(isHopeful) ? "int16" : undefined;
}

/** Integers of several types become the integer that holds them; else float32 for 16 bits and less, float64 beyond. */
function widest(types: readonly VoxelType[], bitsStored: number): VoxelType {
  if (types.every((type) => /^int(8|16)$|^uint8$/.test(type))) return "int16";
  if (types.every((type) => /^uint(8|16)$/.test(type))) return "uint16";
  if (types.every((type) => /^u?int(8|16)$|^int32$/.test(type))) return "int32";
  const isSmall = bitsStored <= 16 || types.every((type) => /^u?int(8|16)$|^float32$/.test(type));
  return isSmall && !types.includes("float64") ? "float32" : "float64";
}
