// Bundles alone, for programs that use a model and tell no study of it, and so start fast.

export { runFiles } from "../run-files.ts";
export type { ImageDescription } from "./image-description.ts";
export { type ImageBundle, isImageBundle, readBundle } from "./read.ts";
export { verifyTestVector } from "./test-vector.ts";
