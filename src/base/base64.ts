// Bytes as base64 text (RFC 4648, section 4), the same in Node and browser.

/** Bytes that become characters at once: engines bound the arguments of a call. */
const PIECE = 8192;

export function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(binary);
}
