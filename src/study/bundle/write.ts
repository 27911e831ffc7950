// Writes a model bundle: a zip of model.onnx, bundle.json, card.md and test-vector.json, the same bytes for the same model.

import { checkParameters, sha256 } from "../../base/index.ts";
import { writeZip } from "../../formats/zip/index.ts";
import { stableJson } from "../json.ts";
import { type BundleDescription, descriptionRules, SCHEMA_VERSION } from "./manifest.ts";
import { storeTestVector, type TestVector } from "./test-vector.ts";

/** Names of the parts of a bundle, in the order of the archive. */
export const partNames = {
  manifest: "bundle.json",
  model: "model.onnx",
  card: "card.md",
  testVector: "test-vector.json",
} as const;

/** What a bundle is made of. */
export interface BundleParts {
  readonly description: BundleDescription;
  /** The file of an ONNX model. */
  readonly model: Uint8Array;
  /** The model card, Markdown; `modelCard` writes one. */
  readonly card: string;
  readonly testVector: TestVector;
}

/**
 * The bundle's bytes, to be stored as `….roentgen`. Equal parts give equal bytes on every machine.
 * @throws RoentgenError "bad-option" if the description or the test vector breaks a rule
 */
export async function writeBundle({
  description,
  model,
  card,
  testVector,
}: BundleParts): Promise<Uint8Array> {
  const stated = checkParameters(descriptionRules, description, "bundle");
  const encode = (text: string) => new TextEncoder().encode(text);
  const parts: Record<string, Uint8Array> = {
    [partNames.model]: model,
    [partNames.card]: encode(card),
    [partNames.testVector]: encode(stableJson(storeTestVector(testVector))),
  };
  const hashes: Record<string, { bytes: number; sha256: string }> = {};
  for (const [name, bytes] of Object.entries(parts)) {
    hashes[name] = { bytes: bytes.byteLength, sha256: await sha256(bytes) };
  }
  const content = {
    format: "roentgen-bundle",
    schemaVersion: SCHEMA_VERSION,
    ...stated,
    parts: hashes,
  };
  const manifest = { ...content, sha256: await manifestHash(content) };
  return writeZip({ [partNames.manifest]: encode(stableJson(manifest)), ...parts });
}

/** bundle.json vouches for the other parts, and by this hash of all its other fields for itself. */
export function manifestHash(content: object): Promise<string> {
  return sha256(new TextEncoder().encode(stableJson({ ...content, sha256: undefined })));
}
