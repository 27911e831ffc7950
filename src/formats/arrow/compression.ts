// Arrow's two buffer compressions, made known to the library. (format/Message.fbs, BodyCompression)

import { CompressionType, compressionRegistry } from "apache-arrow";
import { unpackLz4Frame } from "../compression/lz4.ts";
import { unpackZstd } from "../compression/zstd.ts";
import { checkClaim } from "../tables/claims.ts";

/** Buffers begin with their uncompressed length, which the library takes off before it calls a codec. */
const LENGTH_BYTES = 8;

export function registerCompressions(): void {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackingWith(unpackLz4Frame) });
  compressionRegistry.set(CompressionType.ZSTD, { decode: unpackingWith(unpackZstd) });
}

function unpackingWith(unpack: (bytes: Uint8Array, length: number) => Uint8Array) {
  return (bytes: Uint8Array): Uint8Array => {
    const start = bytes.byteOffset - LENGTH_BYTES;
    const length = Number(new DataView(bytes.buffer, start, LENGTH_BYTES).getBigInt64(0, true));
    if (!(length >= 0)) throw new RangeError(`a buffer of ${length} bytes`);
    checkClaim(length, bytes.byteLength, "the compressed Arrow buffer");
    return unpack(bytes, length);
  };
}
