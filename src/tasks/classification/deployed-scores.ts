// What a deployed model says of an image: calibrated probabilities of classes or findings, or a measurement.

import { RoentgenError } from "../../base/index.ts";
import type { ImageTarget } from "../../datasets/index.ts";
import type { FinalActivation } from "../../networks/index.ts";
import { algebraOf, type GraphBuilder, int, type Term } from "../../onnx/index.ts";
import type { ImageDescription } from "../../study/index.ts";

/** As much of a target as its scores depend on: how many there are. */
export type DeployedTarget =
  | Pick<Extract<ImageTarget, { kind: "classes" }>, "kind" | "classes">
  | Pick<Extract<ImageTarget, { kind: "labels" }>, "kind" | "labels">
  | Pick<Extract<ImageTarget, { kind: "number" }>, "kind">;

type Calibration = ImageDescription["calibration"];

/**
 * [N, classes] that sum to 1, [N, labels] each of its own, or [N, 1]. A network with one output tells two classes apart: its
 * logit is that of the second.
 * @throws RoentgenError "shape-mismatch" where the network gives another number of scores; "type-mismatch" where the
 *   calibration is of another kind of target
 */
export function deployedScores(
  graph: GraphBuilder,
  { output, logits }: Pick<FinalActivation, "output" | "logits">,
  { target, calibration }: { target: DeployedTarget; calibration?: Calibration },
): Term {
  const m = algebraOf(graph);
  const width = widthOf(graph, output);
  switch (target.kind) {
    case "classes": {
      const { length } = target.classes;
      const isSigmoid = length === 2 && width === 1;
      if (!isSigmoid) checkWidth(width, length, "classes");
      const pair = isSigmoid ? m.op("Pad", [logits, m.lengths([0, 1, 0, 0])]) : logits;
      return m.op("Softmax", [tempered(graph, pair, calibration)], { axis: int(1) });
    }
    case "labels":
      checkWidth(width, target.labels.length, "labels");
      return m.op("Sigmoid", [onLines(graph, logits, { labels: target.labels, calibration })]);
    case "number":
      checkWidth(width, 1, "number");
      if (calibration) throw otherCalibration("none for a measurement", calibration);
      return output;
    default:
      return target satisfies never;
  }
}

function tempered(graph: GraphBuilder, logits: Term, calibration: Calibration): Term {
  if (!calibration) return logits;
  if (calibration.method !== "temperature") throw otherCalibration("a temperature", calibration);
  const { temperature } = calibration;
  return temperature === 1 ? logits : algebraOf(graph).div(logits, temperature);
}

/** slope · logit + intercept, label by label. */
function onLines(
  graph: GraphBuilder,
  logits: Term,
  { labels, calibration }: { labels: readonly string[]; calibration: Calibration },
): Term {
  if (!calibration) return logits;
  if (calibration.method !== "platt") throw otherCalibration("a line a label", calibration);
  const { lines } = calibration;
  checkWidth(lines.length, labels.length, "labels");
  const row = (values: readonly number[], hint: string) =>
    graph.constant(
      { type: "float32", shape: [1, values.length], data: Float32Array.from(values) },
      hint,
    );
  const m = algebraOf(graph);
  const scaled = m.mul(
    logits,
    row(
      lines.map(({ slope }) => slope),
      "slope",
    ),
  );
  return m.add(
    scaled,
    row(
      lines.map(({ intercept }) => intercept),
      "intercept",
    ),
  );
}

/** Scores of an image; undefined where the output is no [N, scores] of known length. */
function widthOf(graph: GraphBuilder, output: Term): number | undefined {
  const shape = graph.typeOf(output)?.shape;
  const width = shape?.length === 2 ? shape[1] : undefined;
  return typeof width === "number" ? width : undefined;
}

function checkWidth(found: number | undefined, expected: number, of: string): void {
  if (found === expected) return;
  throw new RoentgenError("shape-mismatch", {
    problem: "The network's scores do not fit what is to be predicted",
    expected: of === "number" ? "one number an image" : `${expected} ${of}`,
    found: found === undefined ? "an output that is not [N, scores]" : `${found}`,
    subject: "target",
  });
}

function otherCalibration(expected: string, { method }: NonNullable<Calibration>): RoentgenError {
  return new RoentgenError("type-mismatch", {
    problem: "The calibration does not fit what is to be predicted",
    expected,
    found: method,
    subject: "calibration",
  });
}
