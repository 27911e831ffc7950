// The learners: random forest (Breiman: "Random forests", Machine Learning 45, 2001) and extremely
// randomised trees (Geurts, Ernst, Wehenkel: "Extremely randomized trees", Machine Learning 63, 2006).

import { checkParameters } from "../../base/index.ts";
import type { Learner } from "../learner.ts";
import { checkFeatures, checkTrainingSet } from "../training-set.ts";
import { fitForest } from "./fit.ts";
import type { ForestMethod, ForestModel } from "./model.ts";
import { extraTreesParameters, forestParameters } from "./options.ts";
import { predictForest } from "./predict.ts";
import { addForestToGraph } from "./to-onnx.ts";
import { forestVariantPredictor } from "./variants.ts";

/** Random forest: each tree sees resampled rows and splits on the best of a few features. */
export const forest: Learner<typeof forestParameters, ForestModel> = treeLearner(
  "random forest",
  "forest",
  forestParameters,
);

/** Extremely randomised trees: each feature tried is cut at random; all rows in every tree. */
export const extraTrees: Learner<typeof extraTreesParameters, ForestModel> = treeLearner(
  "extra trees",
  "extraTrees",
  extraTreesParameters,
);

function treeLearner<P extends typeof forestParameters>(
  name: string,
  method: ForestMethod,
  parameters: P,
): Learner<P, ForestModel> {
  const learner: Learner<P, ForestModel> = {
    name,
    tasks: ["classification", "regression"],
    handlesMissing: true,
    parameters,
    async fit(set, options, work) {
      checkTrainingSet(learner, set);
      return fitForest(method, set, checkParameters(parameters, options, name), work);
    },
    async predict(model, features, work) {
      checkFeatures(learner, model.featureNames, features);
      return predictForest(model, features, work);
    },
    variantPredictor(model, features, work) {
      checkFeatures(learner, model.featureNames, features);
      return forestVariantPredictor(model, features, work);
    },
    addToGraph: addForestToGraph,
  };
  return learner;
}
