// Where a DICOM file is: on disk, in a zip archive, or in memory; and how to open it again.

import { fileStamp, openFile } from "#files";
import { type ByteSource, memorySource, RoentgenError } from "../../../base/index.ts";
import { listZip, type ZipEntry } from "../../zip/read-zip.ts";

/** A place that a file can be read from again. */
export type DicomPlace =
  | { readonly kind: "file"; readonly name: string }
  /** `archive` is a path or a source; `member` counts the members of its directory. */
  | {
      readonly kind: "member";
      readonly name: string;
      readonly archive: string | ByteSource;
      readonly member: number;
    }
  | { readonly kind: "source"; readonly name: string; readonly source: ByteSource };

/** Opens places; archives stay open until `close`, so that their directory is read once. */
export interface PlaceOpener {
  /** Runs `use` on the opened file and closes it. */
  withSource<T>(place: DicomPlace, use: (source: ByteSource) => Promise<T>): Promise<T>;
  /** Opens a place to be read later; the caller closes the source. */
  open(place: DicomPlace): Promise<ByteSource>;
  close(): Promise<void>;
}

interface OpenArchive {
  readonly source: ByteSource;
  readonly entries: readonly ZipEntry[];
}

export function placeOpener(): PlaceOpener {
  const archives = new Map<string | ByteSource, Promise<OpenArchive>>();

  async function openArchive(archive: string | ByteSource): Promise<OpenArchive> {
    const source = typeof archive === "string" ? await openFile(archive) : archive;
    return { source, entries: await listZip(source) };
  }

  async function open(place: DicomPlace): Promise<ByteSource> {
    if (place.kind === "file") return openFile(place.name);
    // The caller's own source stays open: it is not ours to close.
    if (place.kind === "source") return { ...place.source, close: async () => {} };
    const known = archives.get(place.archive) ?? openArchive(place.archive);
    archives.set(place.archive, known);
    const { source, entries } = await known;
    const entry = entries[place.member];
    if (!entry) throw vanished(place.name);
    return { ...memorySource(await entry.read(), place.name), stamp: source.stamp };
  }

  return {
    open,
    async withSource(place, use) {
      const source = await open(place);
      try {
        return await use(source);
      } finally {
        await source.close();
      }
    },
    async close() {
      for (const [archive, opened] of archives) {
        if (typeof archive === "string")
          await opened.then(({ source }) => source.close()).catch(() => {});
      }
    },
  };
}

/** The stamp that the place's source would have now, found without opening it. */
export async function stampOfPlace(place: DicomPlace): Promise<string | undefined> {
  switch (place.kind) {
    case "file":
      return fileStamp(place.name);
    case "member":
      return typeof place.archive === "string" ? fileStamp(place.archive) : place.archive.stamp;
    case "source":
      return place.source.stamp;
  }
}

function vanished(name: string): RoentgenError {
  return new RoentgenError("file-not-found", {
    problem: `The archive no longer holds ${name}`,
    remedy: "List it again.",
    subject: name,
  });
}
