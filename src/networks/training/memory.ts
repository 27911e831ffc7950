// Holds the plan of a training's memory against what there is.

import { RoentgenError } from "../../base/index.ts";
import type { TrainingMemory } from "./training-step.ts";

const MIB = 2 ** 20;

/**
 * Refuses a plan that needs too much.
 * @throws RoentgenError "too-large" that names the largest tensor at the worst moment
 */
export function checkMemory(
  { stateBytes, peakBytes, at, largest }: TrainingMemory,
  mostBytes = Number.POSITIVE_INFINITY,
): void {
  const total = stateBytes + peakBytes;
  if (total <= mostBytes) return;
  const inMib = (bytes: number) => `${Math.ceil(bytes / MIB)} MiB`;
  const [{ name, shape, bytes }] = largest;
  throw new RoentgenError("too-large", {
    problem: "A step of this training does not fit the memory",
    expected: `at most ${inMib(mostBytes)}`,
    found:
      `${inMib(stateBytes)} for parameters and optimiser and ${inMib(peakBytes)} for tensors in between (at "${at}"),` +
      ` the largest of them "${name}" [${shape.join(", ")}] with ${inMib(bytes)}`,
    remedy: "Take a smaller batch and accumulate gradients, smaller inputs, or a smaller network.",
    subject: name,
  });
}
