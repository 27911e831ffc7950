// Encodes slices as JPEG 2000 lossless, a worker each.

import codecs from "dcmjs-codecs";
import type { EncodeTask } from "./ct-series.ts";

codecs.log.setLevel("silent");
await codecs.NativeCodecs.initializeAsync();

export default function encode({ stored, side }: EncodeTask): Uint8Array {
  const context = new codecs.Context({
    width: side,
    height: side,
    bitsAllocated: 16,
    bitsStored: 12,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: "MONOCHROME2",
    decodedBuffer: stored,
  });
  const encoded = codecs.NativeCodecs.encodeJpeg2000(context, { lossy: false }).getEncodedBuffer();
  if (!encoded) throw new Error("A slice could not be encoded.");
  return encoded.slice();
}
