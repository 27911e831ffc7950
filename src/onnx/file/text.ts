// Text of ONNX files: UTF-8, and other bytes without loss, in the manner of PEP 383.

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

/** Characters made in one call: its arguments have to fit the stack. */
const PIECE = 8192;

/** Byte 0x80 becomes U+DC80, and so on to 0xFF; no valid UTF-8 gives these. */
const ESCAPE = 0xdc00;

/** Text of the bytes; where they are no UTF-8, every byte above 0x7F becomes a lone surrogate U+DC80 to U+DCFF. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaped(bytes);
  }
}

/** The bytes of a text, those of `decodeText`'s lone surrogates included. */
export function encodeText(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) return utf8.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff) bytes.push(code - ESCAPE);
    else bytes.push(...utf8.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** Each different text is encoded once: those of a forest repeat by the million. */
export function encodeTexts(texts: readonly string[]): Uint8Array[] {
  const encoded = new Map<string, Uint8Array>();
  return texts.map((text) => {
    const known = encoded.get(text) ?? encodeText(text);
    encoded.set(text, known);
    return known;
  });
}

function decodeEscaped(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE) {
    const codes = Uint16Array.from(bytes.subarray(at, at + PIECE), (byte) =>
      byte < 0x80 ? byte : ESCAPE + byte,
    );
    pieces.push(String.fromCharCode(...codes));
  }
  return pieces.join("");
}
