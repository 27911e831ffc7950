// How much memory a file may ask for: encodings such as run lengths let a few bytes stand for billions.

import { RoentgenError } from "../../base/index.ts";

/** Real tables seldom shrink below a hundredth; a claim beyond this is an attack or damage. */
const MOST_EXPANSION = 1024;

/** What any file may ask for, however small it is. */
const ALWAYS_ALLOWED = 64 * 2 ** 20;

/**
 * Refuses a claim that the file's size makes implausible, before anything is allocated for it.
 * @throws RoentgenError "file-corrupt"
 */
export function checkClaim(claimedBytes: number, byteLength: number, file: string): void {
  if (claimedBytes <= ALWAYS_ALLOWED + MOST_EXPANSION * byteLength) return;
  throw new RoentgenError("file-corrupt", {
    problem: `Cannot read ${file}`,
    expected: `contents that ${byteLength} bytes can hold`,
    found: `a claim of ${Math.ceil(claimedBytes / 1e6)} MB`,
    remedy: "The file is damaged; fetch or export it again.",
    subject: file,
  });
}
