// Bytes whose CRC-32 is compared with the announced one when the last of them has been read.

import { damaged } from "../damage.ts";
import type { ByteReader } from "./byte-reader.ts";
import { crc32 } from "./checksums.ts";

export function checkedReader(reader: ByteReader, announced: number): ByteReader {
  let sum = 0;
  return {
    name: reader.name,
    get remaining() {
      return reader.remaining;
    },
    async readInto(target) {
      await reader.readInto(target);
      sum = crc32(target, sum);
      if (reader.remaining > 0 || sum === announced) return;
      throw damaged(reader.name, {
        expected: "data that match their checksum (CRC-32)",
        found: "other data",
      });
    },
  };
}
