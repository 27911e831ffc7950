// Every format of tables and arrays: how a file of it is recognised, and who reads and writes it.

import type { ByteSource, Table, WorkOptions } from "../base/index.ts";
import { readCsv } from "./csv/index.ts";
import type { Data, FormatName, NamedTensor } from "./data-file.ts";
import { readNpy } from "./npy/read-npy.ts";
import { writeNpy } from "./npy/write-npy.ts";

/** Contents and what their reader should know. */
export type Contents = Data & { readonly notes?: readonly string[] };

export interface Format {
  readonly name: FormatName;
  readonly title: string;
  /** With the dot, lower case; the first is the usual one. */
  readonly extensions: readonly string[];
  readonly holds: Data["kind"];
  /** Whether a file that begins with these bytes (up to 520) is of this format. */
  recognise?(head: Uint8Array): boolean;
  read(source: ByteSource, work: WorkOptions): Promise<Contents>;
  writeTable?(table: Table): Iterable<Uint8Array> | Promise<Iterable<Uint8Array>>;
  writeArrays?(
    arrays: readonly NamedTensor[],
  ): Iterable<Uint8Array> | Promise<Iterable<Uint8Array>>;
}

export const FORMATS: readonly Format[] = [
  {
    name: "csv",
    title: "comma-separated values (also semicolons)",
    extensions: [".csv", ".txt", ".data"],
    holds: "table",
    read: readCsvContents,
  },
  {
    name: "npy",
    title: "NumPy array",
    extensions: [".npy"],
    holds: "arrays",
    recognise: (head) => beginsWith(head, "\x93NUMPY"),
    read: async (source) => ({
      kind: "arrays",
      arrays: [{ name: stem(source.name), tensor: await readNpy(source) }],
    }),
    writeArrays: (arrays) => [writeNpy(arrays[0].tensor)],
  },
];

async function readCsvContents(source: ByteSource, work: WorkOptions): Promise<Contents> {
  const { notes, dialect: _, ...table } = await readCsv(source, {}, work);
  return { kind: "table", table, notes };
}

function beginsWith(head: Uint8Array, text: string): boolean {
  return [...text].every((character, index) => head[index] === character.charCodeAt(0));
}

/** A path's last part without its extension. */
export function stem(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/(?<=.)\.[^.]*$/, "");
}
