// A checkpoint holds more than a network: which of its parts is meant, and the names within it.

import { RoentgenError } from "../../base/index.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/** Keys under which training programs keep the network, most telling first. */
const NETWORK_KEYS = [
  "state_dict",
  "model_state_dict",
  "model_state",
  "network_weights",
  "model",
  "network",
  "net",
  "weights",
];

export interface ChosenPart {
  readonly part: string;
  readonly parts: readonly string[];
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

/**
 * Takes a part of all tensors by its path; without one the network's, if a key says which part that is, else all.
 * @throws RoentgenError "value-missing" for a part that is not there
 */
export function choosePart(
  all: ReadonlyMap<string, StoredTensor>,
  { keys, part, file }: { keys: readonly string[]; part: string | undefined; file: string },
): ChosenPart {
  const parts = keys.filter((key) => [...all.keys()].some((name) => name.startsWith(`${key}.`)));
  const chosen = part ?? NETWORK_KEYS.find((key) => parts.includes(key)) ?? "";
  if (chosen === "") return { part: chosen, parts, tensors: all };
  const start = chosen.length + 1;
  const tensors = new Map(
    [...all.values()]
      .filter(({ name }) => name.startsWith(`${chosen}.`))
      .map((tensor) => [tensor.name.slice(start), { ...tensor, name: tensor.name.slice(start) }]),
  );
  if (tensors.size > 0) return { part: chosen, parts, tensors };
  throw new RoentgenError("value-missing", {
    problem: `Cannot read part "${chosen}" of ${file}`,
    expected: parts.length > 0 ? `one of ${parts.join(", ")}` : "no part: the file has none",
    found: `"${chosen}"`,
    subject: "part",
  });
}
