// Apache Arrow IPC: tables as they lie in memory, in files (Feather version 2) and streams.

export { readArrow } from "./read.ts";
export { writeArrow } from "./write.ts";
