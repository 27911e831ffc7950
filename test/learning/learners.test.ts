import { describe, expect, it } from "vitest";
import {
  elasticNet,
  extraTrees,
  forest,
  learnerByName,
  learnerNames,
  logistic,
  ridge,
} from "../../src/learning/index.ts";
import { itKeepsTheLearnerContract } from "./learner-contract.ts";

itKeepsTheLearnerContract(forest, { options: { trees: 20 } });
itKeepsTheLearnerContract(extraTrees, { options: { trees: 20 } });
itKeepsTheLearnerContract(logistic);
itKeepsTheLearnerContract(logistic, { options: { penalty: "l1", c: 0.3 } });
itKeepsTheLearnerContract(logistic, {
  options: { penalty: "elasticNet", classWeight: "balanced" },
});
itKeepsTheLearnerContract(logistic, { options: { penalty: "none" } });
itKeepsTheLearnerContract(ridge);
itKeepsTheLearnerContract(ridge, { options: { alpha: 0 } });
itKeepsTheLearnerContract(elasticNet, { options: { alpha: 0.001 } });

describe("learners by name", () => {
  it("finds each of them", () => {
    for (const name of learnerNames) expect(learnerByName(name).fit).toBeTypeOf("function");
  });

  it("names those there are where one is not known", () => {
    expect(() => learnerByName("svm")).toThrow(
      'There is no learner "svm". There are: forest, extra-trees, logistic, ridge, elastic-net.',
    );
    expect(() => learnerByName("constructor")).toThrow(/no learner/);
  });
});
