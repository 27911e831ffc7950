// The learners by the names that people type.

import { RoentgenError, type rules } from "../base/index.ts";
import { extraTrees, forest } from "./forest/index.ts";
import type { Learner } from "./learner.ts";
import { elasticNet } from "./linear/elastic-net.ts";
import { logistic } from "./linear/logistic.ts";
import { ridge } from "./linear/ridge.ts";

/** Names of the learners. */
export const learnerNames = ["forest", "extra-trees", "logistic", "ridge", "elastic-net"] as const;

/** Name that `learnerByName` knows. */
export type LearnerName = (typeof learnerNames)[number];

/** A learner whose options and model are checked at run time only. */
export type AnyLearner = Learner<rules.ZodType<unknown, unknown>, unknown>;

const learners: Record<LearnerName, unknown> = {
  forest,
  "extra-trees": extraTrees,
  logistic,
  ridge,
  "elastic-net": elasticNet,
};

/**
 * The learner of that name.
 * @throws RoentgenError "bad-option", naming the learners there are
 */
export function learnerByName(name: string): AnyLearner {
  if (Object.hasOwn(learners, name)) return learners[name as LearnerName] as AnyLearner;
  throw new RoentgenError("bad-option", {
    problem: `There is no learner "${name}"`,
    remedy: `There are: ${learnerNames.join(", ")}.`,
    subject: "learner",
  });
}
