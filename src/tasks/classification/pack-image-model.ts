// The bundle of an image model: the deployed model tried on drawn images, with all that is stated of it.

import { RoentgenError, type WorkOptions } from "../../base/index.ts";
import { encodeModel, type OnnxTensor, openSession, type Session } from "../../onnx/index.ts";
import { type ImageDescription, modelCard, writeBundle } from "../../study/index.ts";
import type { DeployableModel } from "./deploy-model.ts";
import { scoreNames } from "./score-names.ts";
import { drawTestImages } from "./test-images.ts";

/** What a maker states; the rest is known of the deployed model. */
export type StatedOfImageModel = Omit<ImageDescription, "kind" | "tensors" | "preprocessing">;

export interface PackedImageModel {
  /** The bytes of the bundle, to be stored as `….roentgen`. */
  readonly bundle: Uint8Array;
  /** The bytes of its `model.onnx`. */
  readonly model: Uint8Array;
}

export interface PackOptions extends Pick<WorkOptions, "threads"> {
  /** The model card, Markdown, of what the bundle states; by default the plain one. */
  card?: (description: ImageDescription) => string;
}

/** Deep networks round in another order on every kind of machine. */
const TOLERANCE = 1e-4;

/**
 * Puts a deployed model into a bundle.
 * @throws RoentgenError "bad-option" where what is stated breaks a rule; "shape-mismatch" where the model gives another number
 *   of scores, "value-invalid" where they are no numbers
 */
export async function packImageModel(
  deployed: DeployableModel,
  stated: StatedOfImageModel,
  { card = modelCard, threads }: PackOptions = {},
): Promise<PackedImageModel> {
  const description: ImageDescription = {
    ...stated,
    kind: "image",
    tensors: deployed.tensors,
    preprocessing: preprocessingOf(deployed, stated),
  };
  const model = encodeModel(deployed.model);
  const session = await openSession(model, { threads });
  try {
    const testVector = await tryOut(session, description);
    const bundle = await writeBundle({ description, model, card: card(description), testVector });
    return { bundle, model };
  } finally {
    await session.close();
  }
}

/** What the step is called that brings pixels in 0 … 1 to what the network learnt from. */
export const PIXEL_SCALING = "pixel scaling";

function preprocessingOf(
  { scaling, mirrors }: DeployableModel,
  { input }: StatedOfImageModel,
): ImageDescription["preprocessing"] {
  const { size, ...preparation } = input.preparation;
  const prepared = {
    name: "image preparation",
    description: "colours to channels, the intensity range to 0 … 1, the size",
    parameters: { ...preparation, size: [...size] },
    insideModel: false,
  };
  const copies = {
    name: "mirrored copies",
    description:
      "the image and its mirror images along the axes, over which scores and features are averaged",
    parameters: { axes: [...mirrors] },
    insideModel: true,
  };
  return [prepared, ...scalingStep(scaling), ...(mirrors.length > 0 ? [copies] : [])];
}

function scalingStep(
  scaling: DeployableModel["scaling"],
): NonNullable<ImageDescription["preprocessing"]> {
  if (!scaling) return [];
  const { order, factor, mean, deviation } = scaling;
  const scaled = {
    name: PIXEL_SCALING,
    description: "(pixel · factor − mean) / deviation in each channel",
    parameters: { order, factor, mean: [...mean], deviation: [...deviation] },
    insideModel: true,
  };
  return [scaled];
}

async function tryOut(session: Session, description: ImageDescription) {
  const { tensors, input, target } = description;
  const { channels, size } = input.preparation;
  const inputs = { [tensors.input]: drawTestImages([channels, ...size]) };
  const given = await session.run(inputs);
  const kept = [tensors.scores, ...(tensors.distance ? [tensors.distance] : [])];
  const outputs = Object.fromEntries(kept.map((name) => [name, given[name]]));
  checkScores(outputs[tensors.scores], scoreNames(target).length);
  return { inputs, outputs, tolerance: TOLERANCE };
}

function checkScores({ shape, data }: OnnxTensor, width: number): void {
  const areNumbers = Array.from(data as Float32Array).every(Number.isFinite);
  if (shape[1] === width && areNumbers) return;
  throw new RoentgenError(areNumbers ? "shape-mismatch" : "value-invalid", {
    problem: "Cannot put the model into a bundle",
    expected: `${width} scores an image`,
    found: areNumbers ? `${shape[1]}` : "scores that are no numbers",
    subject: "target",
  });
}
