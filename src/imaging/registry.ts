// The transforms by the names that are written in JSON.

import { RoentgenError } from "../base/index.ts";
import { augmentDraws, augmentKinds } from "./augment/kinds.ts";
import { filterKinds } from "./filter/kinds.ts";
import { intensityKinds } from "./intensity/kinds.ts";
import { morphologyKinds } from "./morphology/kinds.ts";
import { spatialKinds } from "./spatial/kinds.ts";
import type { RandomKind, TransformKind } from "./transform.ts";

/** Every transform there is, in the order of documentation. */
export const transformKinds: readonly TransformKind[] = [
  ...spatialKinds,
  ...intensityKinds,
  ...morphologyKinds,
  ...filterKinds,
  ...augmentKinds,
];

/** Every random change there is. */
export const randomKinds: readonly RandomKind[] = augmentDraws;

/**
 * The transform of that name.
 * @throws RoentgenError "bad-option", naming the transforms there are
 */
export function transformByName(name: string): TransformKind {
  return transformKinds.find((kind) => kind.name === name) ?? refuse(name);
}

/**
 * The transform or random change of that name.
 * @throws RoentgenError "bad-option", naming what there is
 */
export function stepKindByName(name: string): TransformKind | RandomKind {
  return randomKinds.find((kind) => kind.name === name) ?? transformByName(name);
}

function refuse(name: string): never {
  throw new RoentgenError("bad-option", {
    problem: `There is no transform "${name}"`,
    remedy: `There are: ${[...transformKinds, ...randomKinds].map((kind) => kind.name).join(", ")}.`,
    subject: "name",
  });
}
