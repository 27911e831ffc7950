// Which images are of one patient, as numbers.

import type { ImageDataset } from "../../datasets/index.ts";

/** Each image of a patient of its own, whatever the data say. */
export function withoutPatients<Dataset extends ImageDataset>(dataset: Dataset): Dataset {
  return { ...dataset, samples: dataset.samples.map(({ patient: _, ...sample }) => sample) };
}

/** Images without a patient are each a patient of their own. */
export function patientGroups({ samples }: ImageDataset, rows: Uint32Array): Int32Array {
  const numbers = new Map<string, number>();
  let next = 0;
  return Int32Array.from(rows, (row) => {
    const { patient } = samples[row];
    if (patient === undefined) return next++;
    const known = numbers.get(patient);
    if (known !== undefined) return known;
    numbers.set(patient, next);
    return next++;
  });
}
