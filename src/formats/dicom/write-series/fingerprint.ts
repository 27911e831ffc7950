// A number that stands for an image: equal images give equal UIDs.

/** FNV-1a twice, over 32-bit words of the pixels and over text: 53 bits. */
export function fingerprint(data: ArrayBufferView, text: string): number {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let at = 0; at < bytes.length; at++) {
    low = Math.imul(low ^ bytes[at], 0x01000193);
    high = Math.imul(high ^ low, 0x85ebca6b) ^ (high >>> 13);
  }
  for (let at = 0; at < text.length; at++) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ low, 0x85ebca6b) ^ (high >>> 13);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
