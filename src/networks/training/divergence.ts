// Finds where numbers stop being finite: the first layer whose output is not, or the first parameter whose gradient is not.

import { openSession } from "#session";
import { RoentgenError } from "../../base/index.ts";
import {
  algebraOf,
  encodeModel,
  int,
  type NamedTensors,
  type StatefulSession,
} from "../../onnx/index.ts";
import type { Network } from "../network.ts";
import { type TrainingGraphOptions, trainingGraph } from "./training-graph.ts";

/** A step that failed, with the state before it. */
export interface FailedStep {
  readonly options: Omit<TrainingGraphOptions, "mode">;
  readonly session: StatefulSession;
  readonly feeds: NamedTensors;
  readonly loss: number;
  readonly progress: { readonly epoch: number; readonly step: number };
}

/** The error that names the step and the layer. */
export async function divergence(
  network: Network,
  { options, session, feeds, loss, progress }: FailedStep,
): Promise<RoentgenError> {
  const { graph } = trainingGraph(network, options);
  const m = algebraOf(graph);
  const layers = network.layers.filter(({ output }) => graph.typeOf(output)?.type === "float32");
  for (const [index, { output }] of layers.entries()) {
    // x · 0 is 0 for every finite x and NaN for the rest.
    const trace = m.op("ReduceSum", [m.mul(output, 0)], { keepdims: int(0) });
    graph.output({ name: `layer.${index}` }, trace);
  }
  const model = await openSession(encodeModel(graph.build()));
  const inputs = { ...(await session.read()), ...feeds };
  const known = model.inputNames.map((name) => [name, inputs[name]] as const);
  const traces = await model.run(Object.fromEntries(known));
  await model.close();
  const at = layers.findIndex((_, index) => Number.isNaN(Number(traces[`layer.${index}`].data[0])));
  const found = Number.isFinite(loss) ? "a gradient that is not finite" : `a loss of ${loss}`;
  return new RoentgenError("value-invalid", {
    problem: `Training broke down at step ${progress.step + 1} (epoch ${progress.epoch + 1})`,
    expected: "finite numbers",
    found:
      at < 0
        ? `${found}, with finite outputs of all layers`
        : `${found}; the output of layer "${layers[at].name}" is the first that is not finite`,
    remedy:
      "Lower the learning rate, clip gradients (clipNorm), or look for values that are not finite in the data.",
    subject: at < 0 ? undefined : layers[at].name,
  });
}
