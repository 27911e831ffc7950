// Zip archives, for programs that need no other format.

export { listZip, type ZipEntry } from "./read-zip.ts";
export { writeZip } from "./write-zip.ts";
