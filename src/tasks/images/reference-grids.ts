// The grids of a listing that a segmentation could be put on, and which of them is that of its image.

import { openBeside } from "#files";
import { type Geometry, type PatientGeometry, RoentgenError } from "../../base/index.ts";
import {
  type DicomEntry,
  type DicomSlide,
  type DicomVolume,
  inspectImage,
  type ReadVolumeOptions,
  readVolume,
} from "../../formats/index.ts";
import { areAligned } from "../../imaging/index.ts";
import { withFile } from "../with-file.ts";
import { entryName, type ScanListing } from "./scans.ts";

/** Where an image lies. */
export interface Placed {
  readonly name: string;
  /** Undefined where its slices do not prove it, or the file does not say. */
  readonly geometry: PatientGeometry | undefined;
  /** The grid as it is shown, of a slide: pixels, since a slide's coordinates are not a patient's. */
  readonly shown?: Geometry;
  readonly frameOfReference?: string | undefined;
  readonly dicom?: DicomVolume | DicomSlide;
}

/** The grid to put a segmentation on, and how it was found. */
export interface FoundReference extends Placed {
  readonly geometry: PatientGeometry;
  readonly note: string;
}

/** Where a volume or a slide lies; undefined of films. */
export function placeOf(dicom: DicomEntry): Placed | undefined {
  if (dicom.kind === "images") return undefined;
  const common = { name: entryName(dicom), frameOfReference: dicom.frameOfReference, dicom };
  if (dicom.kind === "volume") return { ...common, geometry: dicom.geometry };
  const { size, spacing } = dicom;
  const shown: Geometry = {
    frame: "pixels",
    size: [size[0], size[1], 1],
    spacing: spacing && [spacing[0], spacing[1], 1],
  };
  return { ...common, geometry: slideGrid(dicom), shown };
}

/** A slide's plane, as if its coordinates were a patient's: images of one slide are placed by it alike. */
function slideGrid({ size, place }: DicomSlide): PatientGeometry | undefined {
  if (!place) return undefined;
  const { origin, row: r, column: c, spacing } = place;
  const n = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
  return {
    frame: "LPS",
    size: [size[0], size[1], 1],
    spacing: [spacing[0], spacing[1], 1],
    // Focal planes are of no concern to where on the slide something is.
    origin: [origin[0], origin[1], 0],
    direction: [r[0], c[0], n[0], r[1], c[1], n[1], r[2], c[2], n[2]],
  };
}

/**
 * The image that a segmentation was made on: of the series that it refers to, else of its frame of reference, else the
 * only one that there is. Of several on different grids the one whose voxels lie on the segmentation's.
 * @throws RoentgenError "value-missing" where there is none, or several of different grids
 */
export async function findReference(
  own: Placed,
  listing: ScanListing,
  options: ReadVolumeOptions = {},
): Promise<FoundReference> {
  const all = await candidatesOf(listing);
  const referred = all.filter(({ dicom }) =>
    own.dicom?.references.includes(dicom?.series.uid ?? ""),
  );
  const around = all.filter(({ frameOfReference: uid }) => uid && uid === own.frameOfReference);
  const [some, note] =
    referred.length > 0
      ? [referred, "the series that the segmentation refers to"]
      : around.length > 0
        ? [around, "an image of the segmentation's frame of reference"]
        : [all, "the image given; the segmentation does not refer to it"];
  const chosen = onlyGrid(some, own, listing.path);
  const geometry = chosen.geometry ?? (await readGrid(chosen, options));
  return { ...chosen, geometry, note: `Put on the grid of ${chosen.name}, ${note}.` };
}

/** Images of the listing with a grid; other segmentations are none. */
async function candidatesOf(listing: ScanListing): Promise<Placed[]> {
  const found: Placed[] = [];
  for (const entry of listing.entries) {
    if (entry.kind === "dicom") {
      const placed = entry.dicom.series.modality === "SEG" ? undefined : placeOf(entry.dicom);
      if (placed) found.push(placed);
    } else {
      const { path, format } = entry;
      const beside = openBeside(path);
      const { geometry } = await withFile(path, (source) =>
        inspectImage(source, { format, beside }),
      );
      if (geometry.frame === "LPS") found.push({ name: path, geometry });
    }
  }
  return found;
}

function onlyGrid(some: readonly Placed[], own: Placed, path: string): Placed {
  const grids = new Map(some.map((one) => [JSON.stringify(one.geometry), one]));
  if (grids.size === 1) return some[0];
  const fitting = some.filter(
    ({ geometry }) => geometry && own.geometry && areAligned(own.geometry, geometry),
  );
  if (fitting.length > 0) return fitting[0];
  const names = some.map(({ name }) => name).join("; ");
  throw new RoentgenError("value-missing", {
    problem: `Cannot tell which image of ${path} the segmentation ${own.name} belongs to`,
    expected: "one image with a place, or one whose voxels lie on the segmentation's",
    found: names || "none",
    remedy: some.length > 0 ? "Name a file or a folder with that image alone." : "",
    subject: path,
  });
}

/** Of a series whose slices do not prove a grid by themselves: as it is read with what was chosen. */
async function readGrid({ name, dicom }: Placed, options: ReadVolumeOptions) {
  if (dicom?.kind === "volume") return (await readVolume(dicom, options)).image.geometry;
  throw new RoentgenError("value-missing", {
    problem: `Cannot put a segmentation on ${name}`,
    expected: "its place on the slide",
    found: "none in its header",
  });
}
