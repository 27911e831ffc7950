// Reads a model bundle and refuses one that is damaged, altered, hostile or from a newer Roentgen.

import {
  checkParameters,
  memorySource,
  RoentgenError,
  type rules,
  sha256,
} from "../../base/index.ts";
import { listZip, type ZipEntry } from "../../formats/zip/index.ts";
import type { ImageDescription } from "./image-description.ts";
import {
  type BundleDescription,
  type BundleManifest,
  manifestRules,
  SCHEMA_VERSION,
  updatedManifest,
} from "./manifest.ts";
import { testVectorRules } from "./stored-tensor.ts";
import type { TableDescription } from "./table-description.ts";
import { loadTestVector, type TestVector } from "./test-vector.ts";
import { manifestHash, partNames } from "./write.ts";

/** A bundle's parts, each checked against its hash. */
interface BundleOf<Description extends BundleDescription> {
  readonly manifest: BundleManifest<Description>;
  readonly model: Uint8Array;
  readonly card: string;
  readonly testVector: Required<TestVector>;
}

/** A bundle of a model of tables. */
export type TableBundle = BundleOf<TableDescription>;

/** A bundle of a model of images. */
export type ImageBundle = BundleOf<ImageDescription>;

export type Bundle = TableBundle | ImageBundle;

const MEBIBYTE = 2 ** 20;

/** Most that a part may unpack to, bytes. */
const limits: Record<string, number> = {
  [partNames.manifest]: 64 * MEBIBYTE,
  [partNames.model]: 2 ** 31 - 1,
  [partNames.card]: 16 * MEBIBYTE,
  [partNames.testVector]: 64 * MEBIBYTE,
};

/** Deflate can't pack better than this (RFC 1951: 258 bytes in 2 bits), so a larger claim is a lie. */
const LARGEST_RATIO = 1032;

/**
 * Reads a bundle: unpacks it within limits, checks every part against its hash and bundle.json against its rules.
 * Run `verifyTestVector` on the result before the model is used.
 * @param name the file's name, for messages
 * @throws RoentgenError "format-unknown", "format-unsupported", "file-corrupt", "file-truncated" or "too-large"
 */
export async function readBundle(bytes: Uint8Array, name = "the bundle"): Promise<Bundle> {
  const parts = await unpack(bytes, name);
  const stated = parseJson(parts, partNames.manifest, name);
  const manifest = readManifest(stated, name);
  checkHash(partNames.manifest, manifest.sha256, await manifestHash(stated as object), name);
  for (const [part, content] of Object.entries(parts)) {
    if (part === partNames.manifest) continue;
    const hash = Object.hasOwn(manifest.parts, part) ? manifest.parts[part].sha256 : undefined;
    checkHash(part, hash, await sha256(content), name);
  }
  const stored = checkRules(testVectorRules, parseJson(parts, partNames.testVector, name), name);
  const bundle = {
    manifest,
    model: parts[partNames.model],
    card: decodeText(parts[partNames.card]),
    testVector: loadTestVector(stored),
  };
  // The manifest alone tells which it is.
  return bundle as Bundle;
}

/** Whether a bundle's model takes images; else it takes the rows of a table. */
export function isImageBundle(bundle: Bundle): bundle is ImageBundle {
  return bundle.manifest.kind === "image";
}

async function unpack(bytes: Uint8Array, name: string): Promise<Record<string, Uint8Array>> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    throw new RoentgenError("format-unknown", {
      problem: `Cannot read ${name}`,
      expected: "a Roentgen bundle (a zip archive)",
      found: "another kind of file",
      subject: name,
    });
  }
  const seen = new Set<string>();
  const entries = await listZip(memorySource(bytes, name));
  for (const entry of entries) checkEntry(entry, seen, name);
  const parts: Record<string, Uint8Array> = {};
  for (const entry of entries) parts[entry.name] = await entry.read();
  for (const part of Object.values(partNames)) {
    if (!Object.hasOwn(parts, part)) throw corrupt(name, `a part "${part}"`, "none");
  }
  return parts;
}

/** Nothing but the known parts is unpacked, so no path can lead out of the archive. */
function checkEntry(entry: ZipEntry, seen: Set<string>, name: string): void {
  const limit = Object.hasOwn(limits, entry.name) ? limits[entry.name] : undefined;
  if (limit === undefined) {
    const known = Object.values(partNames).join(", ");
    throw corrupt(name, `only the parts ${known}`, `"${entry.name.slice(0, 200)}"`);
  }
  if (seen.has(entry.name)) throw corrupt(name, `one part "${entry.name}"`, "two");
  seen.add(entry.name);
  const largest = Math.min(limit, entry.compressedBytes * LARGEST_RATIO + 64);
  if (entry.bytes > largest) {
    throw new RoentgenError("too-large", {
      problem: `Cannot unpack "${entry.name}" of ${name}`,
      expected: `at most ${largest} bytes`,
      found: `${entry.bytes}`,
      remedy: "The file is damaged or made to do harm; get it again from where you trust.",
      subject: name,
    });
  }
}

function readManifest(stated: unknown, name: string): BundleManifest {
  const { schemaVersion } = (stated ?? {}) as { schemaVersion?: unknown };
  if (typeof schemaVersion === "number" && schemaVersion > SCHEMA_VERSION) {
    throw new RoentgenError("format-unsupported", {
      problem: `Cannot read ${name}`,
      expected: `a bundle of schema version ${SCHEMA_VERSION} or older`,
      found: `version ${schemaVersion}`,
      remedy: "It was made by a newer Roentgen; update Roentgen.",
      subject: name,
    });
  }
  return checkRules(manifestRules, updatedManifest(stated), name);
}

function checkRules<P extends rules.ZodType>(
  schema: P,
  json: unknown,
  name: string,
): rules.output<P> {
  try {
    return checkParameters(schema, json, "bundle");
  } catch (cause) {
    const { message } = cause as Error;
    throw new RoentgenError("file-corrupt", {
      problem: `Cannot read ${name}: ${message}`,
      subject: name,
      cause,
    });
  }
}

function checkHash(part: string, stated: string | undefined, found: string, name: string): void {
  if (stated === found) return;
  throw new RoentgenError("file-corrupt", {
    problem: `"${part}" of ${name} is not what its bundle was made with`,
    expected: stated ? `SHA-256 ${stated}` : "its SHA-256 in bundle.json",
    found: stated ? found : "none",
    remedy: "The file was altered or damaged; get it again from where you trust.",
    subject: name,
  });
}

function parseJson(parts: Record<string, Uint8Array>, part: string, name: string): unknown {
  try {
    return JSON.parse(decodeText(parts[part]));
  } catch (cause) {
    throw corrupt(name, `JSON in "${part}"`, "something else", cause);
  }
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function corrupt(name: string, expected: string, found: string, cause?: unknown): RoentgenError {
  return new RoentgenError("file-corrupt", {
    problem: `Cannot read ${name}`,
    expected,
    found,
    remedy: "The file is damaged or was altered; get it again.",
    subject: name,
    cause,
  });
}
