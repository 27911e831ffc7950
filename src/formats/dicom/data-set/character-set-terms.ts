// The terms of Specific Character Set (0008,0005): PS3.3 C.12.1.1.2.

/** Terms as they stand in the file, trimmed; an empty first term means the default repertoire. */
export function parseTermsOfCharacterSets(bytes: Uint8Array): string[] {
  const text = String.fromCharCode(...bytes.subarray(0, 1024)).replaceAll("\0", " ");
  const terms = text.split("\\").map((term) => term.trim());
  return terms.length === 1 && terms[0] === "" ? [] : terms;
}
