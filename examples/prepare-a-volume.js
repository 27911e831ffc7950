// A CT series is written, found again, prepared for a network, and a mask taken back to the scan's own grid:
// node examples/prepare-a-volume.js

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writePhantoms } from "roentgen";
import { ctPhantoms } from "roentgen/datasets";
import { listDicom, listedEntries, readVolume } from "roentgen/formats";
import { applyTransforms, invertTransforms } from "roentgen/imaging";

const folder = join(mkdtempSync(join(tmpdir(), "roentgen-example-")), "ct");
try {
  const options = { size: 64, slices: 16 };
  await writePhantoms("ct", folder, { count: 1, seed: 1, format: "dicom", options });

  const [series] = listedEntries(await listDicom(join(folder, "images")));
  const { image, notes } = await readVolume(series);
  console.log(
    `${series.series.modality}, ${image.geometry.size.join(" × ")} voxels in ${image.unit}`,
    ...notes,
  );

  const { image: ready, applied } = await applyTransforms(image, [
    { name: "orient", code: "RAS" },
    { name: "resample", spacing: [5, 5, 5] },
    { name: "clip", lower: -1000, upper: 1000 },
  ]);
  console.log(`Ready for a network: ${ready.geometry.size.join(" × ")} voxels of 5 mm`);

  // A model's mask lies on the grid of `ready`; the steps that were applied take it back.
  const bone = { ...ready, data: Uint8Array.from(ready.data, (hu) => (hu > 250 ? 1 : 0)) };
  const onScan = await invertTransforms(bone, applied, { interpolation: "nearest" });
  const { mask, structures } = ctPhantoms({ count: 1, seed: 1, ...options }).at(0);
  const truth = mask.data.map((label) => Number(label === structures["cortical bone"]));
  const both = truth.filter((isBone, at) => isBone && onScan.data[at]).length;
  const either = truth.filter(Boolean).length + onScan.data.filter(Boolean).length;
  console.log(
    `Above 250 HU and cortical bone overlap by a Dice of ${((2 * both) / either).toFixed(2)}`,
  );
} finally {
  rmSync(join(folder, ".."), { recursive: true });
}
