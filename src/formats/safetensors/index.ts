// safetensors alone, for those who read and write nothing else and want to start fast.

/** For a checksum that is kept beside tensors. */
export { crc32 } from "../elements/checksums.ts";
/** For tensors whose axes lie in another order. */
export { dataInLayout } from "../elements/layout.ts";
export { readSafetensors, type SafetensorsFile } from "./read-safetensors.ts";
export {
  type SafetensorsWriteOptions,
  safetensorsChunks,
  writeSafetensors,
} from "./write-safetensors.ts";
