// Rows of an array in an .npz file: of a small array all at once, of a large one a block at a time, since MedMNIST's largest
// hold several gigabytes.

import { openFile } from "#files";
import { type ByteSource, oneByOne, type Tensor } from "../../../base/index.ts";
import type { NpyHeader, NpyRows } from "../../../formats/index.ts";

/** A row of an array, and where it lies in what is given. */
export interface ArrayRow {
  readonly tensor: Tensor;
  readonly row: number;
}

export interface ArrayRowsOptions {
  /** Arrays of no more bytes are read as a whole. */
  readonly wholeBytes?: number;
  /** Bytes of a block of rows of any other. */
  readonly blockBytes?: number;
}

/** Blocks that are kept: several workers ask for rows that lie near each other. */
const KEPT = 4;

/**
 * Gives rows of an array. Where it is large ask for them in about the order in which they lie: an earlier block than those that
 * are kept is found by reading from the start again. No file stays open.
 */
export function arrayRows(
  path: string,
  name: string,
  { wholeBytes = 2 ** 28, blockBytes = 2 ** 24 }: ArrayRowsOptions = {},
): (row: number) => Promise<ArrayRow> {
  const open = async () => {
    // Loaded when there is an array: the readers of all formats take as long to load as all else that reads images.
    const { openNpz } = await import("../../../formats/index.ts");
    return openNpz(await unheldSource(path));
  };
  const opened = open().then(async (archive) => {
    const header = await archive.readHeader(name);
    const isSmall = header.dataBytes <= wholeBytes || header.columnMajor;
    return { header, whole: isSmall ? archive.read(name) : undefined };
  });
  const blocks = blockReader(async () => (await open()).openRows(name), blockBytes);
  return async (row) => {
    const { header, whole } = await opened;
    if (whole) return { tensor: await whole, row };
    const rows = rowsOfBlock(header, blockBytes);
    return { tensor: await blocks(Math.floor(row / rows)), row: row % rows };
  };
}

function rowsOfBlock({ dataBytes, shape }: NpyHeader, blockBytes: number): number {
  return Math.max(1, Math.floor((blockBytes * shape[0]) / Math.max(1, dataBytes)));
}

/** Reads blocks one after another, whoever asks; those asked for meanwhile wait. */
function blockReader(
  open: () => Promise<NpyRows>,
  blockBytes: number,
): (block: number) => Promise<Tensor> {
  const kept = new Map<number, Tensor>();
  let rows: NpyRows | undefined;
  let next = 0;
  const inTurn = oneByOne();

  async function advance(block: number): Promise<Tensor> {
    if (!rows || (block < next && !kept.has(block))) {
      rows = undefined;
      rows = await open();
      next = 0;
    }
    for (; next <= block; next++) {
      kept.set(next, await rows.next(rowsOfBlock(rows.header, blockBytes)));
      for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
    }
    return kept.get(block) as Tensor;
  }

  return (block) =>
    inTurn(() =>
      advance(block).catch((cause) => {
        // Whoever comes next begins anew.
        rows = undefined;
        throw cause;
      }),
    );
}

/** A file that is open while it is read, and closed in between. */
async function unheldSource(path: string): Promise<ByteSource> {
  async function withSource<T>(use: (source: ByteSource) => Promise<T>): Promise<T> {
    const source = await openFile(path);
    try {
      return await use(source);
    } finally {
      await source.close();
    }
  }
  const byteLength = await withSource(async (source) => source.byteLength);
  return {
    ...{ name: path, byteLength },
    read: (offset, length) => withSource((source) => source.read(offset, length)),
    readInto: (offset, target) => withSource((source) => source.readInto(offset, target)),
    close: async () => {},
  };
}
