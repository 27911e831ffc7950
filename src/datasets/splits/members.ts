// Rows gathered by what they belong to: a class or a patient.

/** The rows of each member of `index`, ascending. Empty for numbers that do not occur. */
export function rowsByMember(index: ArrayLike<number>): Uint32Array[] {
  const counts = countMembers(index);
  const rows = Array.from(counts, (count) => new Uint32Array(count));
  const filled = new Uint32Array(counts.length);
  for (let row = 0; row < index.length; row++) {
    const member = index[row];
    rows[member][filled[member]++] = row;
  }
  return rows;
}

/** How many rows each member 0 … max has. */
export function countMembers(index: ArrayLike<number>): Uint32Array {
  let largest = -1;
  for (let row = 0; row < index.length; row++) largest = Math.max(largest, index[row]);
  const counts = new Uint32Array(largest + 1);
  for (let row = 0; row < index.length; row++) counts[index[row]] += 1;
  return counts;
}

/** Renumbers any integers to 0 … count − 1 in ascending order of the old number. */
export function compactIndex(index: ArrayLike<number>): { index: Uint32Array; count: number } {
  const distinct = Float64Array.from(new Set(Array.from(index))).sort();
  const position = new Map<number, number>();
  for (const value of distinct) position.set(value, position.size);
  const compact = Uint32Array.from(
    { length: index.length },
    (_, row) => position.get(index[row]) as number,
  );
  return { index: compact, count: distinct.length };
}
