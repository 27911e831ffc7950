// Looks into scans: a folder as a tree, one image with its grid, values and a picture.

import type { Triple } from "../../base/index.ts";
import type {
  DicomEntry,
  DicomSeries,
  ImageFormatName,
  ReadVolumeOptions,
} from "../../formats/index.ts";
import {
  type DisplayWindow,
  type LabelLegend,
  type Picture,
  pictureOf,
} from "../../imaging/index.ts";
import {
  describeGeometry,
  describeImage,
  type ImageSummary,
  sizeInWords,
} from "./describe-image.ts";
import {
  chooseEntry,
  entryName,
  filmByFilm,
  listScans,
  readScan,
  type Scan,
  type ScanListing,
} from "./scans.ts";

/** What one image is. */
export interface InspectedScan {
  readonly kind: "scan";
  readonly name: string;
  readonly format: ImageFormatName;
  readonly summary: ImageSummary;
  readonly notes: readonly string[];
  readonly header: Readonly<Record<string, unknown>>;
  readonly picture: Picture;
}

/** What a folder, an archive or a file of several images holds. */
export interface InspectedListing {
  readonly kind: "listing";
  readonly path: string;
  readonly patients: readonly InspectedPatient[];
  /** Images that are no DICOM. */
  readonly files: readonly { number: number; path: string; format: ImageFormatName }[];
  /** Files that could not be read, and why. */
  readonly problems: readonly { readonly name: string; readonly sentence: string }[];
  /** Files that are no images. */
  readonly others: readonly string[];
}

interface InspectedPatient {
  readonly id: string;
  readonly name: string;
  readonly studies: readonly {
    readonly uid: string;
    readonly date?: string;
    readonly description?: string;
    readonly series: readonly InspectedSeries[];
  }[];
}

export interface InspectedSeries {
  readonly uid: string;
  readonly number?: number;
  readonly modality: string;
  readonly description?: string;
  readonly images: readonly {
    /** As `--volume` takes it; of several films the first, the others follow. */
    readonly number: number;
    readonly name: string;
    /** "64 × 64 × 35 voxels of 3.25 × 3.25 × 3.6 mm, 2 time points". */
    readonly size: string;
    readonly files: number;
    readonly problems: readonly string[];
  }[];
  /** Reports, plans and other objects without pixels. */
  readonly objects: number;
}

export interface InspectScanOptions extends ReadVolumeOptions {
  /** Which image of several, counted from 1. */
  volume?: number;
  window?: DisplayWindow;
}

/**
 * Says what is at a path: the tree of a folder of several images, or the one image there or chosen.
 * @throws RoentgenError where nothing there can be read, or the geometry of the one image is not proven
 */
export async function inspectScans(
  path: string,
  { volume, window, ...options }: InspectScanOptions = {},
): Promise<InspectedScan | InspectedListing> {
  const { threads, signal, onProgress } = options;
  const listing = await listScans(path, { threads, signal, onProgress });
  if (volume === undefined && listing.entries.length !== 1) return describeListing(listing);
  const scan = await readScan(chooseEntry(listing, volume), options);
  const { name, format, image, notes, header } = scan;
  const labels = window ? undefined : legendOf(scan);
  const summary = describeImage(image);
  return {
    kind: "scan",
    name,
    format,
    summary,
    notes,
    header,
    picture: pictureOf(image, { window, labels }),
  };
}

/** Of a segmentation the colours of its segments, as the file states them. */
function legendOf({ background, header }: Scan): LabelLegend | undefined {
  if (background === undefined) return undefined;
  const segments = (header.Segments ?? []) as readonly { number: number; color: string }[];
  const colored = segments.filter(({ color }) => color !== "");
  const colors = new Map(colored.map(({ number, color }) => [number, rgbOfHex(color)]));
  return { colors, background };
}

function rgbOfHex(hex: string): Triple {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function describeListing({ path, entries, dicom, others }: ScanListing): InspectedListing {
  let next = 1;
  const describeSeries = (one: DicomSeries): InspectedSeries => ({
    ...{ uid: one.uid, number: one.number, modality: one.modality },
    description: one.description ?? one.protocol,
    images: one.entries.map((entry) => {
      const number = next;
      next += filmByFilm(entry).length;
      return describeEntry(entry, number);
    }),
    objects: one.objects.length,
  });
  return {
    kind: "listing",
    path,
    patients: dicom.patients.map(({ id, name, studies }) => ({
      ...{ id, name },
      studies: studies.map(({ uid, date, description, series }) => ({
        ...{ uid, date, description },
        series: series.map(describeSeries),
      })),
    })),
    files: entries.flatMap((entry) =>
      entry.kind === "file"
        ? [{ number: entry.number, path: entry.path, format: entry.format }]
        : [],
    ),
    problems: dicom.problems.map(({ name, sentence }) => ({ name, sentence })),
    others,
  };
}

function describeEntry(entry: DicomEntry, number: number): InspectedSeries["images"][number] {
  const common = { number, name: entryName(entry), files: entry.files.length };
  // Of a film or frame that no place is known is what it is, not a fault.
  const faults = entry.problems.filter(
    ({ kind }) => kind !== "unplaced" || entry.kind === "volume",
  );
  const problems = faults.map(({ sentence }) => sentence);
  if (entry.kind === "images") {
    const most = Math.max(...entry.frames);
    const many = entry.files.length > 1 ? `${entry.files.length} images of ` : "";
    const frames = most > 1 ? `, ${many ? "up to " : ""}${most} frames` : "";
    return { ...common, size: `${many}${entry.size.join(" × ")} pixels${frames}`, problems };
  }
  if (entry.kind === "slide") {
    const { size, spacing = null, tiles } = entry;
    const grid = { size: [...size, 1] as const, spacing: spacing && ([...spacing, 1] as const) };
    const parts = tiles > 1 ? ` in ${tiles.toLocaleString("en")} tiles` : "";
    return { ...common, size: sizeInWords({ ...grid, channels: [] }) + parts, problems };
  }
  const { geometry, size, layout, channels } = entry;
  const spacing = geometry
    ? describeGeometry(geometry).spacing
    : ([...layout.spacing, layout.spacingMm ?? Number.NaN] as const);
  return { ...common, size: sizeInWords({ size, spacing, channels }), problems };
}
