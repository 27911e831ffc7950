// Takes the nodes of a graph from one version of ai.onnx to a newer one, those of the graphs inside them too.

import { RoentgenError } from "../../../base/index.ts";
import type { Initializer, OnnxGraph, OnnxNode } from "../../model.ts";
import type { FreshNames } from "../fresh-names.ts";
import type { ModelScope } from "../model-scope.ts";
import { mapSubgraphs, readsOf } from "../subgraphs.ts";
import type { Upgrading } from "./step.ts";
import { stepsTo } from "./steps.ts";

export interface UpgradeGraphOptions {
  readonly from: number;
  readonly to: number;
  /** What is known of the graph's tensors and of those around it. */
  readonly scope: ModelScope;
  readonly fresh: FreshNames;
}

/**
 * The graph with the same results in a newer version.
 * @throws RoentgenError "format-unsupported" that names the node which has no equal there
 */
export function upgradeGraph(graph: OnnxGraph, options: UpgradeGraphOptions): OnnxGraph {
  const { to, scope } = options;
  const constants: Initializer[] = [];
  const used = new Set([...graph.nodes.flatMap(readsOf), ...graph.outputs.map(({ name }) => name)]);
  const nodes: OnnxNode[] = [];
  for (const old of graph.nodes) {
    for (const node of upgradeNode(old, { ...options, constants, used })) {
      nodes.push(
        mapSubgraphs(node, (inner) =>
          upgradeGraph(inner, { ...options, scope: scope.inner(inner) }),
        ),
      );
      scope.learn(node, to);
    }
  }
  return { ...graph, initializers: [...graph.initializers, ...constants], nodes };
}

interface NodeOptions extends UpgradeGraphOptions {
  readonly constants: Initializer[];
  readonly used: ReadonlySet<string>;
}

function upgradeNode(node: OnnxNode, options: NodeOptions): readonly OnnxNode[] {
  const { from, to } = options;
  if (node.domain !== "") return [node];
  const at = upgradingOf(node, options);
  let nodes: readonly OnnxNode[] = [node];
  for (let version = from + 1; version <= to; version++) {
    const steps = stepsTo.get(version) ?? {};
    nodes = nodes.flatMap((one) =>
      Object.hasOwn(steps, one.operator) ? steps[one.operator](one, at) : [one],
    );
  }
  return nodes;
}

function upgradingOf(node: OnnxNode, options: NodeOptions): Upgrading {
  const { from, to, scope, fresh, constants, used } = options;
  return {
    constant(tensor) {
      const name = fresh("constant");
      constants.push({ ...tensor, name });
      scope.learnConstant(name, tensor);
      return name;
    },
    fresh,
    typeOf: scope.typeOf,
    constantOf: scope.constantOf,
    isUsed: (name) => used.has(name),
    fail(problem) {
      throw new RoentgenError("format-unsupported", {
        problem: `Cannot bring ${node.operator} (node "${node.name}") from opset ${from} to ${to}: ${problem}`,
        remedy: "Export the model again with a newer opset.",
        subject: node.name,
      });
    },
  };
}
