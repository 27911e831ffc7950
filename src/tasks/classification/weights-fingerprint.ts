// What pretrained weights are by their content, so that a training is not gone on with on others of the same name.

import { RoentgenError, sha256 } from "../../base/index.ts";
import { openWeights } from "../../networks/index.ts";
import type { Fingerprint } from "../../study/index.ts";
import { bundlePath } from "../bundle-path.ts";
import { isEarlierRun } from "./earlier-run.ts";

/**
 * The file of weights, or the bundle of an earlier run.
 * @param out the folder of the training
 * @throws RoentgenError "bad-option" where that is the run which the weights are of
 */
export async function weightsFingerprint(
  weights: string | undefined,
  { out }: { readonly out: string },
): Promise<Fingerprint | undefined> {
  if (weights === undefined) return undefined;
  if (withoutEnd(weights) === withoutEnd(out)) {
    throw new RoentgenError("bad-option", {
      problem: `Cannot go on from ${weights} in the same folder`,
      expected: "a folder of its own for the new run",
      remedy: "Name another folder with --out.",
      subject: "weights",
    });
  }
  const path = (await isEarlierRun(weights)) ? await bundlePath(weights) : weights;
  const source = await openWeights(path);
  try {
    const { byteLength: bytes } = source;
    return { name: weights, bytes, sha256: await sha256(await source.read(0, bytes)) };
  } finally {
    await source.close();
  }
}

const withoutEnd = (path: string) => path.replace(/[\\/]+$/, "");
