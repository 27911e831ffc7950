// Names for columns that have none, and distinct ones for those that share one.

/** x1, x2, … as R and MATLAB call the columns of a matrix. */
export function numberedNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `x${index + 1}`);
}

/**
 * The names made distinct as pandas.read_csv does: an empty one becomes "Unnamed: 3" (its position from
 * 0), a repeated one "a.1", "a.2".
 */
export function distinctNames(names: readonly string[]): string[] {
  const given = new Set(names);
  const used = new Set<string>();
  return names.map((name, index) => {
    const stem = name === "" ? `Unnamed: ${index}` : name;
    let distinct = stem;
    for (let count = 1; used.has(distinct) || (distinct !== name && given.has(distinct)); count++) {
      distinct = `${stem}.${count}`;
    }
    used.add(distinct);
    return distinct;
  });
}
