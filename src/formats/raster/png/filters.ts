// The filters that PNG applies to rows of bytes before compression (PNG 3rd edition, section 9).

/** None, Sub, Up, Average, Paeth. */
export const FILTERS = [0, 1, 2, 3, 4] as const;

/**
 * Undoes a row's filter where it lies.
 * @param row its bytes without the filter's number
 * @param above the row before, already restored; zeros for the first
 * @param step bytes from one pixel to the next, at least 1
 * @returns whether there is such a filter
 */
export function unfilterInPlace(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  step: number,
): boolean {
  switch (filter) {
    case 0:
      return true;
    case 1:
      for (let at = step; at < row.length; at++) row[at] += row[at - step];
      return true;
    case 2:
      for (let at = 0; at < row.length; at++) row[at] += above[at];
      return true;
    case 3:
      for (let at = 0; at < row.length; at++) {
        row[at] += ((at < step ? 0 : row[at - step]) + above[at]) >> 1;
      }
      return true;
    case 4:
      unfilterPaeth(row, above, step);
      return true;
    default:
      return false;
  }
}

function unfilterPaeth(row: Uint8Array, above: Uint8Array, step: number): void {
  const first = Math.min(step, row.length);
  for (let at = 0; at < first; at++) row[at] += above[at];
  for (let at = step; at < row.length; at++) {
    row[at] += paeth(row[at - step], above[at], above[at - step]);
  }
}

/** Filters a row into `target`; the sum of its bytes as signed numbers tells how well it may compress. */
export function filterRow(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  step: number,
  target: Uint8Array,
): number {
  let sum = 0;
  for (let at = 0; at < row.length; at++) {
    const left = at < step ? 0 : row[at - step];
    const corner = at < step ? 0 : above[at - step];
    const byte = (row[at] - predict(filter, left, above[at], corner)) & 0xff;
    target[at] = byte;
    sum += byte < 128 ? byte : 256 - byte;
  }
  return sum;
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  return filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
}

/** The neighbour nearest to left + up − corner; the first of equals (section 9.4). */
function paeth(left: number, up: number, corner: number): number {
  const towardLeft = Math.abs(up - corner);
  const towardUp = Math.abs(left - corner);
  const towardCorner = Math.abs(left + up - 2 * corner);
  if (towardLeft <= towardUp && towardLeft <= towardCorner) return left;
  return towardUp <= towardCorner ? up : corner;
}
