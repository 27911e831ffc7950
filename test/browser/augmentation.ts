// Augments without files: the same program for Node and for browsers.

import { makeImage, patientGeometry } from "../../src/base/index.ts";
import {
  applyTransforms,
  defaultAugmentation,
  randomKinds,
  type TransformStep,
} from "../../src/imaging/index.ts";
import { digest } from "./digest.ts";

/** An augmented image and its mask, as digests of their bytes, and what was drawn. */
export interface Augmented {
  readonly step: string;
  readonly digests: readonly string[];
  readonly applied: string;
}

/** Changes a ball by every random step alone, and by all of them in a row. */
export async function augment(): Promise<Augmented[]> {
  const size = [24, 20, 9] as const;
  const geometry = patientGeometry({
    ...{ size, spacing: [1, 1.25, 3], origin: [-12, 4, 30] },
    direction: [0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1],
  });
  const data = new Int16Array(24 * 20 * 9);
  for (let at = 0; at < data.length; at++) {
    const [i, j, k] = [at % 24, Math.floor(at / 24) % 20, Math.floor(at / 480)];
    const far = (i - 12) * (i - 12) + (j - 9) * (j - 9) + 6 * (k - 4) * (k - 4);
    data[at] = far < 50 ? 400 + 7 * i : -900 + 11 * j + 3 * k;
  }
  const image = makeImage({ geometry, data });
  const mask = makeImage({ geometry, data: Uint8Array.from(data, (value) => (value > 0 ? 1 : 0)) });
  const steps: TransformStep[] = randomKinds.map(({ name }) =>
    name === "random-crop" ? { name, size: [16, 16, 8] } : { name },
  );
  const cubic = { name: "random-affine", interpolation: "cubic", degrees: [-40, 40] };
  const lists = [...steps.map((step) => [step]), [cubic], steps, defaultAugmentation()];
  const results: Augmented[] = [];
  for (const [sample, list] of lists.entries()) {
    const options = { mask, maskInterpolation: "label", seed: 2026, sample, epoch: 3 } as const;
    const result = await applyTransforms(image, list, options);
    results.push({
      step: list.map(({ name }) => name).join(" "),
      digests: [digest(result.image.data), digest(result.mask?.data ?? new Uint8Array())],
      applied: JSON.stringify(result.applied),
    });
  }
  return results;
}
