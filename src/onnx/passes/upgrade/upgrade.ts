// Brings a model to a newer version of ai.onnx with the same results.

import { RoentgenError } from "../../../base/index.ts";
import { irVersionOf } from "../../builder.ts";
import type { OnnxModel } from "../../model.ts";
import { freshNames } from "../fresh-names.ts";
import { inlineFunctions } from "../inline-functions.ts";
import { modelScope } from "../model-scope.ts";
import { upgradeGraph } from "./upgrade-graph.ts";

/** Gradients are made of operators in the form that they have since this version. */
const OLDEST_CURRENT_OPSET = 18;

/** The newest version whose changes are known. */
const NEWEST_OPSET = 24;

export interface UpgradeOptions {
  /** Version of ai.onnx, 18 to 24. */
  to?: number;
}

/**
 * Brings a model to at least the version `to`; one that has it already stays as it is. Functions in older versions are
 * put in place of their calls.
 * @throws RoentgenError "format-unsupported" that names the node which has no equal in the newer version
 */
export function upgradeModel(
  model: OnnxModel,
  { to = OLDEST_CURRENT_OPSET }: UpgradeOptions = {},
): OnnxModel {
  if (!(to >= OLDEST_CURRENT_OPSET && to <= NEWEST_OPSET && Number.isInteger(to))) {
    throw new RoentgenError("bad-option", {
      problem: "Cannot upgrade the model",
      expected: `an opset from ${OLDEST_CURRENT_OPSET} to ${NEWEST_OPSET}`,
      found: String(to),
      subject: "to",
    });
  }
  const isOld = model.functions?.some(({ opsets }) => (opsets[""] ?? to) < to);
  const plain = isOld ? inlineFunctions(model) : model;
  const from = plain.opsets[""];
  if (from === undefined || from >= to) return plain;
  const options = { from, to, scope: modelScope(plain), fresh: freshNames(plain.graph) };
  return {
    ...plain,
    irVersion: Math.max(plain.irVersion, irVersionOf(to)),
    opsets: { ...plain.opsets, "": to },
    graph: upgradeGraph(plain.graph, options),
  };
}
