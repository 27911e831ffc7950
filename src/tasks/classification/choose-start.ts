// Which network a training starts from, and what images have to be for it.

import { RoentgenError } from "../../base/index.ts";
import type { ImagePreparation, PreparationPlan } from "../../datasets/index.ts";
import { type ArchitectureName, architecture } from "../../networks/index.ts";
import { type EarlierRun, isEarlierRun, openEarlierRun } from "./earlier-run.ts";
import type { ImageTrainingSettings } from "./image-settings.ts";
import { chooseSize, resized } from "./recipe.ts";

/** What a training starts from. */
interface Start {
  readonly model: ArchitectureName;
  readonly preparation: ImagePreparation;
}

/**
 * The architecture to start with, and the images that it takes.
 * @throws RoentgenError "bad-option" where an earlier training is to be gone on with on images of another kind
 */
export async function chooseStart(
  planned: PreparationPlan,
  settings: ImageTrainingSettings,
): Promise<Start> {
  const { weights } = settings;
  if (weights !== undefined && (await isEarlierRun(weights))) {
    return goneOnWith(await openEarlierRun(weights), planned, settings);
  }
  const model = settings.model === "auto" ? "compact" : settings.model;
  return { model, preparation: preparationFor(model, planned, settings) };
}

/** The network of an earlier training takes images as it did then. */
function goneOnWith(
  { model = "compact", input: [channels, ...size] }: EarlierRun,
  { preparation }: PreparationPlan,
  { weights, ...settings }: ImageTrainingSettings,
): Start {
  const asked = {
    model: settings.model === "auto" || settings.model === model,
    size: settings.size === undefined || size.every((length) => length === settings.size),
    data: preparation.size.length === size.length,
  };
  const refused = Object.entries(asked).find(([, fits]) => !fits)?.[0];
  if (refused === undefined) return { model, preparation: { ...preparation, channels, size } };
  throw new RoentgenError("bad-option", {
    problem: `Cannot go on from ${weights} with another ${refused === "data" ? "kind of images" : refused}`,
    expected: `${model}, of ${size.join(" × ")}`,
    found: `${settings.model}, of ${(settings.size ? [settings.size] : preparation.size).join(" × ")}`,
    remedy: "Leave --model and --size to the earlier training.",
    subject: refused,
  });
}

/** As the data suggest, with the sides and channels that the architecture wants. */
function preparationFor(
  model: ArchitectureName,
  { preparation, typicalSize }: PreparationPlan,
  { size, weights }: ImageTrainingSettings,
): ImagePreparation {
  const { input, leastSize } = architecture(model);
  const isReference = model !== "compact" && model !== "cnn";
  const chosen = isReference
    ? input[input.length - 1]
    : chooseSize(Math.max(...typicalSize.slice(-2)));
  const side = size ?? Math.max(leastSize, chosen);
  const channels =
    weights === undefined ? preparation.channels : Math.max(preparation.channels, input[0]);
  return { ...resized(preparation, side), channels };
}
