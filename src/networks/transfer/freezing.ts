// Which parameters are trained, said by layers: what `trainable` of a training and of a summary takes.

import { RoentgenError } from "../../base/index.ts";
import type { LayerRecord, Network } from "../network.ts";

/**
 * Layers by name ("layer1" with all inside it, "conv*", "*.bias" for parameters), by a pattern of their own, by their
 * place in the summary (from 0; −1 is the last), or by what is before or after a layer.
 */
export type LayerChoice =
  | string
  | RegExp
  | number
  | { readonly before: string }
  | { readonly after: string };

/**
 * Trains everything but some layers.
 * @throws RoentgenError "value-missing" where nothing of the network is meant
 */
export function freeze(
  network: Network,
  ...choices: readonly LayerChoice[]
): (parameter: string) => boolean {
  const frozen = chosenParameters(network, choices);
  return (parameter) => !frozen.has(parameter);
}

/**
 * Trains some layers only.
 * @throws RoentgenError "value-missing" where nothing of the network is meant
 */
export function trainOnly(
  network: Network,
  ...choices: readonly LayerChoice[]
): (parameter: string) => boolean {
  const trained = chosenParameters(network, choices);
  return (parameter) => trained.has(parameter);
}

/** Names of the parameters that any of the choices means. */
export function chosenParameters(
  { layers }: Network,
  choices: readonly LayerChoice[],
): Set<string> {
  return new Set(
    choices.flatMap((choice) => {
      const chosen = parametersOfChoice(layers, choice);
      if (chosen.length > 0) return chosen;
      throw nothing(choice);
    }),
  );
}

function parametersOfChoice(layers: readonly LayerRecord[], choice: LayerChoice): string[] {
  const all = (some: readonly (LayerRecord | undefined)[]) =>
    some.flatMap((layer) => layer?.parameters ?? []).map(({ name }) => name);
  if (typeof choice === "number") return all([layers.at(choice)]);
  if (typeof choice === "object" && "before" in choice) {
    const at = layers.findIndex(isNamed(choice.before));
    return all(layers.slice(0, Math.max(0, at)));
  }
  if (typeof choice === "object" && "after" in choice) {
    const at = layers.findLastIndex(isNamed(choice.after));
    return at < 0 ? [] : all(layers.slice(at + 1));
  }
  const isMeant =
    typeof choice === "string" ? nameTest(choice) : (name: string) => name.search(choice) >= 0;
  return layers.flatMap(({ name: layer, parameters }) =>
    parameters.map(({ name }) => name).filter((name) => isMeant(layer) || isMeant(name)),
  );
}

const isNamed = (choice: string) => {
  const test = nameTest(choice);
  return ({ name }: LayerRecord) => test(name);
};

/** A name means what is inside it too; "*" stands for anything. */
function nameTest(choice: string): (name: string) => boolean {
  if (!choice.includes("*")) {
    return (name) => name === choice || [".", "/"].some((mark) => name.startsWith(choice + mark));
  }
  const parts = choice.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  const pattern = new RegExp(`^${parts.join(".*")}$`);
  return (name) => pattern.test(name);
}

function nothing(choice: LayerChoice): RoentgenError {
  const shown = choice instanceof RegExp ? String(choice) : JSON.stringify(choice);
  return new RoentgenError("value-missing", {
    problem: `No parameters of the network are meant by ${shown}`,
    expected: "a choice with at least one layer that has parameters",
    remedy: "`summary` lists the layers.",
  });
}
