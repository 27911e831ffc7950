// Plans the memory of a training, and holds the plan against what there is.

import { elementCount, RoentgenError } from "../../base/index.ts";
import {
  type MemoryPlan,
  type OnnxModel,
  openGraph,
  planMemory,
  scheduleNodes,
} from "../../onnx/index.ts";
import type { ParameterRecord } from "../network.ts";
import type { Optimiser } from "../optimisers/optimiser.ts";

/** What a step needs: its tensors in between at the worst moment, and the state. */
export interface TrainingMemory extends MemoryPlan {
  readonly stateBytes: number;
}

interface StateOptions {
  readonly optimiser: Optimiser;
  readonly averageDecay?: number;
  readonly accumulate?: number;
}

/** What the step's tensors in between need in the order in which they are computed, and the state beside them. */
export function memoryOf(
  step: OnnxModel,
  trained: readonly ParameterRecord[],
  { optimiser, averageDecay, accumulate = 1 }: StateOptions,
): TrainingMemory {
  const { nodes } = scheduleNodes(step).graph;
  const copies =
    1 + optimiser.slots.length + Number(accumulate > 1) + Number(averageDecay !== undefined);
  const elements = trained.reduce((sum, { shape }) => sum + elementCount(shape), 0);
  // Each tensor of the state has two buffers of float32 that take turns.
  const stateBytes = 8 * copies * elements;
  return { ...planMemory({ nodes, typeOf: openGraph(step).typeOf }), stateBytes };
}

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
