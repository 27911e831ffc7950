// Text of a value by its character sets: PS3.5 section 6.1.

/** Text of bytes under the terms of Specific Character Set. */
export function decodeText(bytes: Uint8Array, terms: readonly string[], _vr: string): string {
  const label = terms[0] === "ISO_IR 192" ? "utf-8" : "latin1";
  return new TextDecoder(label).decode(bytes);
}
