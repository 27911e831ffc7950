// Integers of any length in pickles: as text in protocols 0 and 1, as bytes since 2.

import { damaged, unsupported } from "../damage.ts";

/** Wider integers than any hash or seed. */
const mostIntegerBytes = 64;

/** Decimal digits with a sign; a bigint only beyond 2⁵³. */
export function integerOfText(line: string, file: string): number | bigint {
  if (!/^\s*[-+]?\d{1,160}\s*$/.test(line)) {
    throw damaged(file, {
      expected: "an integer in a pickle",
      found: JSON.stringify(line.slice(0, 40)),
    });
  }
  return narrow(BigInt(line.trim().replace(/^\+/, "")));
}

/** Two's complement, little-endian. */
export function integerOfBytes(bytes: Uint8Array, file: string): number | bigint {
  if (bytes.length > mostIntegerBytes) {
    throw unsupported(file, {
      expected: `integers of at most ${mostIntegerBytes} bytes in a pickle`,
      found: `${bytes.length} bytes`,
    });
  }
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]);
  return narrow(BigInt.asIntN(8 * bytes.length, value));
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
