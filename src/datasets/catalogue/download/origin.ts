// Where the bytes of a download that is not whole came from, kept beside them as "<name>.part.json": only bytes of the
// same file may be joined.

import { readFileBytes, removeFile, writeFileWhole } from "#files";
import { rules } from "../../../base/index.ts";

const originRecord = rules.object({ url: rules.string(), validator: rules.string().optional() });

/** What is known of bytes that came before. */
type Origin = { readonly validator?: string };

export interface OriginFile {
  /** What is known of the bytes, if they came from this address and may be continued. */
  recall(url: string): Promise<Origin | undefined>;
  remember(url: string, origin: Origin): Promise<void>;
  forget(): Promise<void>;
}

/** Opens the record beside a part of a file. */
export function openOrigin(partPath: string): OriginFile {
  const path = `${partPath}.json`;
  return {
    async recall(url) {
      const text = await readFileBytes(path).catch(() => undefined);
      const record = originRecord.safeParse(text && parsed(new TextDecoder().decode(text)));
      if (!record.success || record.data.url !== url) return undefined;
      return { validator: record.data.validator };
    },
    remember: (url, { validator }) =>
      writeFileWhole(path, `${JSON.stringify({ url, validator })}\n`),
    forget: () => removeFile(path),
  };
}

/** A record that is damaged is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
