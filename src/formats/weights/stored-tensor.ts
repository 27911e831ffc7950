// A tensor that lies in a file and is read when asked for.

import type { DType, Tensor } from "../../base/index.ts";

/** What a file says of one of its tensors; its numbers stay in the file until `read`. */
export interface StoredTensor {
  readonly name: string;
  /** Element type of what `read` gives: float32 for the narrow floats that have no type of their own. */
  readonly dtype: DType;
  /** Element type in the file, such as "bfloat16" or "float8_e4m3". */
  readonly storedAs: string;
  readonly shape: readonly number[];
  /**
   * Reads the numbers. The source the file came from has to be open still.
   * @throws RoentgenError "file-truncated", "file-corrupt", "too-large"
   */
  read(): Promise<Tensor>;
}
