// The architectures by name, and the facts of each.

import { RoentgenError } from "../../base/index.ts";
import type {
  ArchitectureDefinition,
  ReferenceName,
  Variant,
  VariantFacts,
} from "./architecture.ts";
import { cnn } from "./cnn.ts";
import { compact } from "./compact.ts";
import { convnextTiny } from "./convnext.ts";
import { densenet121 } from "./densenet.ts";
import { efficientnetB0, efficientnetB1, efficientnetB2, efficientnetB3 } from "./efficientnet.ts";
import { mobilenetV3Large, mobilenetV3Small } from "./mobilenet-v3.ts";
import { resnet18In3d } from "./resnet-3d.ts";
import { resnet18, resnet34, resnet50, resnet101 } from "./resnets.ts";
import { vgg16, vgg19 } from "./vgg.ts";
import { vitSmall16 } from "./vit.ts";

const definitions = {
  cnn,
  compact,
  vgg16,
  vgg19,
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  densenet121,
  efficientnet_b0: efficientnetB0,
  efficientnet_b1: efficientnetB1,
  efficientnet_b2: efficientnetB2,
  efficientnet_b3: efficientnetB3,
  mobilenet_v3_small: mobilenetV3Small,
  mobilenet_v3_large: mobilenetV3Large,
  convnext_tiny: convnextTiny,
  vit_s16: vitSmall16,
  resnet3d_18: resnet18In3d,
} as const satisfies Record<string, ArchitectureDefinition>;

export type ArchitectureName = keyof typeof definitions;

/** All names. */
export const architectureNames = Object.keys(definitions) as readonly ArchitectureName[];

/** Facts of an architecture in the words of one implementation. */
export interface Architecture extends VariantFacts {
  readonly name: ArchitectureName;
  readonly title: string;
  readonly paper: string;
  /** Numbers of spatial axes that it takes. */
  readonly axes: readonly number[];
  /** The implementation whose names, arithmetic and weights these facts are of. */
  readonly reference: ReferenceName;
  /** All whose weights it takes; the first is the default. */
  readonly references: readonly ReferenceName[];
}

/**
 * Facts of an architecture.
 * @throws RoentgenError "bad-option" where there is none of that name, or not by that reference
 */
export function architecture(
  name: string,
  options: { reference?: ReferenceName } = {},
): Architecture {
  const { definition, reference, variant } = definedArchitecture(name, options);
  const { title, paper, axes, variants } = definition;
  const { features, top, pools, ...facts } = variant;
  return {
    ...facts,
    ...{ name: name as ArchitectureName, title, paper, axes, reference },
    references: Object.keys(variants) as ReferenceName[],
  };
}

/** The definition of an architecture, and how one implementation has it. */
export function definedArchitecture(
  name: string,
  { reference }: { reference?: ReferenceName },
): { definition: ArchitectureDefinition; reference: ReferenceName; variant: Variant } {
  if (!Object.hasOwn(definitions, name)) {
    throw new RoentgenError("bad-option", {
      problem: `There is no architecture "${name}"`,
      expected: `one of ${architectureNames.join(", ")}`,
      subject: name,
    });
  }
  const definition: ArchitectureDefinition = definitions[name as ArchitectureName];
  const known = Object.keys(definition.variants) as ReferenceName[];
  const chosen = reference ?? known[0];
  const variant = definition.variants[chosen];
  if (variant) return { definition, reference: chosen, variant };
  throw new RoentgenError("bad-option", {
    problem: `${definition.title} is not there as ${chosen} has it`,
    expected: `reference ${known.join(" or ")}`,
    found: chosen,
    subject: "reference",
  });
}
