// The front door: any data file, whatever its format, told by its bytes first and its extension second.

import { type ByteSource, RoentgenError, type WorkOptions } from "../base/index.ts";
import type { DataFile, FormatName } from "./data-file.ts";
import { FORMATS, type Format } from "./formats.ts";

/**
 * Reads a table or arrays from a file of any supported format.
 * @param options.format the format, where neither bytes nor extension tell it
 * @throws RoentgenError "format-unknown" and whatever the format's reader throws
 */
export async function readData(
  source: ByteSource,
  { format, ...work }: { format?: FormatName } & WorkOptions = {},
): Promise<DataFile> {
  const chosen = format ? formatNamed(format) : await recognise(source);
  const { notes = [], ...contents } = await chosen.read(source, work);
  return { ...contents, format: chosen.name, notes };
}

async function recognise(source: ByteSource): Promise<Format> {
  const head = await source.read(0, Math.min(520, source.byteLength));
  const byBytes = FORMATS.find((format) => format.recognise?.(head));
  const byExtension = FORMATS.find(({ extensions }) =>
    extensions.some((extension) => source.name.toLowerCase().endsWith(extension)),
  );
  const found = byBytes ?? byExtension;
  if (found) return found;
  throw new RoentgenError("format-unknown", {
    problem: `Cannot tell the format of ${source.name}`,
    remedy: `Supported are ${FORMATS.flatMap(({ extensions }) => extensions).join(", ")}.`,
    subject: source.name,
  });
}

function formatNamed(name: FormatName): Format {
  const found = FORMATS.find((format) => format.name === name);
  if (found) return found;
  throw new RoentgenError("bad-option", {
    problem: `There is no format "${name}"`,
    remedy: `The formats are: ${FORMATS.map((format) => format.name).join(", ")}.`,
    subject: name,
  });
}
