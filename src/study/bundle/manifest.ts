// What bundle.json states about a model, as rules that a bundle is held to when it is written and read.

import { parameters, rules } from "../../base/index.ts";
import { amountRule, sha256Rule } from "./facts.ts";
import { type ImageDescription, imageRules } from "./image-description.ts";
import { type TableDescription, tableRules } from "./table-description.ts";

/** Grows by one with each change that an older Roentgen would misread. */
export const SCHEMA_VERSION = 2;

const kinds = { error: '"table" or "image"' };

/** Rules of everything that who makes a bundle states. */
export const descriptionRules = rules.discriminatedUnion("kind", [tableRules, imageRules], kinds);

/** What a bundle vouches with for its parts and itself. */
const sealRules = parameters({
  format: rules.literal("roentgen-bundle", { error: '"roentgen-bundle"' }),
  schemaVersion: rules.literal(SCHEMA_VERSION, { error: `${SCHEMA_VERSION}` }),
  /** Every other part of the bundle by its name, with what its content must hash to. */
  parts: rules.record(rules.string(), parameters({ bytes: amountRule(), sha256: sha256Rule() })),
  /** Of all the other fields, as `stableJson` writes them. */
  sha256: sha256Rule(),
});

export const manifestRules = rules.discriminatedUnion(
  "kind",
  [tableRules.extend(sealRules.shape), imageRules.extend(sealRules.shape)],
  kinds,
);

/** What the maker of a bundle states about the model. */
export type BundleDescription = TableDescription | ImageDescription;

/** bundle.json: the description and the hashes of the other parts. */
export type BundleManifest<Description extends BundleDescription = BundleDescription> =
  Description & rules.output<typeof sealRules>;

/** The manifest in today's words: version 1 knew models of tables alone and did not say so. */
export function updatedManifest(stated: unknown): unknown {
  const { schemaVersion } = (stated ?? {}) as { schemaVersion?: unknown };
  if (schemaVersion !== 1) return stated;
  return { ...(stated as object), schemaVersion: SCHEMA_VERSION, kind: "table" };
}
