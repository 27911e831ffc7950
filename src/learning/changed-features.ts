// Features with other values in the place of some.

import type { Features, NumberValues } from "../base/index.ts";

/** The new values of some features, by the index of the feature. */
export type ChangedFeatures = ReadonlyMap<number, NumberValues>;

/** The features, those that changed among them. */
export function withFeatures(features: Features, changed: ChangedFeatures): Features {
  const columns = [...features.columns];
  for (const [index, values] of changed) columns[index] = values;
  return { ...features, columns };
}
