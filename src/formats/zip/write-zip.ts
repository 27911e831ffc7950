// Writes zip archives (PKWARE APPNOTE 6.3.10), deflated, the same bytes for the same members.

import { type Zippable, zipSync } from "fflate";

/**
 * The earliest that zip can say. It stores local time without a zone: the first moment it can hold, in this
 * machine's zone, is the same bits everywhere.
 */
export const earliestZipTime = () => new Date(1980, 0, 1);

/** The archive of these members by name, in their order; less than 4 GiB altogether. */
export function writeZip(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const mtime = earliestZipTime();
  const entries: Zippable = {};
  for (const [name, bytes] of Object.entries(members)) entries[name] = [bytes, { mtime, level: 6 }];
  return zipSync(entries);
}
