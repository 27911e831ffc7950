// Columns of a row-major matrix.

/** One column of a row-major matrix. */
export function columnOf(
  matrix: ArrayLike<number>,
  column: number,
  columnCount: number,
): Float64Array {
  const values = new Float64Array(matrix.length / columnCount);
  for (let row = 0; row < values.length; row++) values[row] = matrix[row * columnCount + column];
  return values;
}
