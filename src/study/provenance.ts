// Where a result comes from: versions, machine, seed and the exact bytes of the data. No times, so that
// equal runs state equal provenance.

import { version } from "../base/index.ts";

/** A file by its content. */
export interface Fingerprint {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of the content, 64 hexadecimal digits, as `sha256sum` prints it. */
  readonly sha256: string;
}

/** What made a result, and from which files. */
export interface Provenance {
  /** Versions by name: roentgen, node, onnxruntime and whatever else had a part. */
  readonly versions: Readonly<Record<string, string>>;
  /** Operating system and processor: "linux x64". */
  readonly platform: string;
  readonly threads?: number;
  readonly seed?: number;
  readonly data: readonly Fingerprint[];
}

/** States the provenance of a run on this machine. `versions` adds to those of Roentgen and its host. */
export function describeProvenance({
  versions = {},
  ...rest
}: Omit<Provenance, "platform" | "versions"> & {
  versions?: Record<string, string>;
}): Provenance {
  const host = describeHost();
  return {
    versions: { roentgen: version, ...host.versions, ...versions },
    platform: host.platform,
    ...rest,
  };
}

/** Node states itself in `process`, a browser in `navigator`; neither is needed to work. */
function describeHost(): { platform: string; versions: Record<string, string> } {
  const { process, navigator } = globalThis as {
    process?: { platform: string; arch: string; versions: Record<string, string | undefined> };
    navigator?: { userAgent?: string };
  };
  if (process?.versions?.node) {
    return {
      platform: `${process.platform} ${process.arch}`,
      versions: { node: process.versions.node },
    };
  }
  return { platform: navigator?.userAgent ?? "unknown", versions: {} };
}
