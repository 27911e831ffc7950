// Puts a segmentation on the grid of the image that it was made on.

import { makeImage, RoentgenError } from "../../base/index.ts";
import type { ReadVolumeOptions } from "../../formats/index.ts";
import { segmentationOnGrid } from "../../imaging/index.ts";
import { findReference, placeOf } from "./reference-grids.ts";
import type { Scan, ScanEntry, ScanListing } from "./scans.ts";

/**
 * The segmentation on the grid of its image, which is looked for in a listing.
 * @throws RoentgenError "bad-option" for what is no segmentation with a place; "value-missing" where its image can't be
 *   told; "value-invalid" where it is in another frame of reference
 */
export async function putLike(
  scan: Scan,
  entry: ScanEntry,
  { listing, options }: { listing: ScanListing; options: ReadVolumeOptions },
): Promise<Scan> {
  const { background } = scan;
  const dicom = entry.kind === "dicom" ? entry.dicom : undefined;
  const own = dicom && placeOf(dicom);
  if (!own?.geometry || background === undefined) throw noSegmentation(scan);
  const { channels, data } = scan.image;
  const image = makeImage({ geometry: own.geometry, channels, data });
  const reference = await findReference(own, listing, options);
  const { frameOfReference } = own;
  const { threads, signal, onProgress } = options;
  const placed = await segmentationOnGrid({ image, frameOfReference, background }, reference, {
    ...{ threads, signal, onProgress },
  });
  const geometry = reference.shown ?? placed.image.geometry;
  const exact = placed.placement === "exact" ? ["Its voxels were copied one by one."] : [];
  return {
    ...scan,
    image: makeImage({ ...placed.image, geometry }),
    notes: [...scan.notes, reference.note, ...exact, ...placed.notes],
  };
}

function noSegmentation({ name }: Scan): RoentgenError {
  return new RoentgenError("bad-option", {
    problem: `${name} can't be put on the grid of another image`,
    expected: "a DICOM segmentation whose place is known",
    remedy: 'The transform "resample-to" takes other images over to a grid.',
    subject: "like",
  });
}
