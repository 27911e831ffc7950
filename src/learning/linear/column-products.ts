// Products with a matrix held as columns: X·w, Xᵀ·r and the weighted Gram matrix XᵀDX.

/** Rows worked on at once, so that a block of columns stays in the processor's cache. */
const BLOCK = 512;

/** Adds X·w to `out`. */
export function addProduct(
  columns: readonly Float64Array[],
  coefficients: ArrayLike<number>,
  out: Float64Array,
): void {
  const count = columns.length;
  let index = 0;
  // Four columns in one pass read and write `out` a quarter as often.
  for (; index + 3 < count; index += 4) {
    const [a, b, c, d] = [
      columns[index],
      columns[index + 1],
      columns[index + 2],
      columns[index + 3],
    ];
    const wa = coefficients[index];
    const wb = coefficients[index + 1];
    const wc = coefficients[index + 2];
    const wd = coefficients[index + 3];
    if (wa === 0 && wb === 0 && wc === 0 && wd === 0) continue;
    for (let row = 0; row < out.length; row++) {
      out[row] += wa * a[row] + wb * b[row] + (wc * c[row] + wd * d[row]);
    }
  }
  for (; index < count; index++) addScaledInPlace(out, coefficients[index], columns[index]);
}

/** Xᵀ·r. */
export function transposedProduct(
  columns: readonly Float64Array[],
  vector: Float64Array,
): Float64Array {
  return Float64Array.from(columns, (column) => dot(column, vector));
}

/** The scalar product, in four independent sums. */
export function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const even = a.length - (a.length % 4);
  for (let row = 0; row < even; row += 4) {
    s0 += a[row] * b[row];
    s1 += a[row + 1] * b[row + 1];
    s2 += a[row + 2] * b[row + 2];
    s3 += a[row + 3] * b[row + 3];
  }
  for (let row = even; row < a.length; row++) s0 += a[row] * b[row];
  return s0 + s1 + (s2 + s3);
}

/** Adds `factor` times `vector` to `out`. */
export function addScaledInPlace(out: Float64Array, factor: number, vector: Float64Array): void {
  if (factor === 0) return;
  for (let row = 0; row < out.length; row++) out[row] += factor * vector[row];
}

/**
 * Adds XᵀDX, symmetric, to a square of the row-major matrix `out` (`size` columns) that starts at
 * row `top`, column `left`. D is diagonal and may be negative. n·p²/2 multiplications.
 */
export function addGram(
  columns: readonly Float64Array[],
  diagonal: Float64Array,
  out: Float64Array,
  { size = columns.length, top = 0, left = 0 } = {},
): void {
  const count = columns.length;
  const rowCount = diagonal.length;
  const sums = new Float64Array(count * count);
  const scaled = Array.from({ length: count }, () => new Float64Array(BLOCK));
  const plain = Array.from({ length: count }, () => new Float64Array(BLOCK));
  for (let start = 0; start < rowCount; start += BLOCK) {
    const rows = Math.min(BLOCK, rowCount - start);
    for (let j = 0; j < count; j++) {
      const column = columns[j];
      for (let row = 0; row < rows; row++) {
        plain[j][row] = column[start + row];
        scaled[j][row] = diagonal[start + row] * column[start + row];
      }
    }
    addBlock(scaled, plain, rows, sums, count);
  }
  for (let j = 0; j < count; j++) {
    for (let k = 0; k <= j; k++) {
      const sum = sums[j * count + k];
      out[(top + j) * size + left + k] += sum;
      if (k < j) out[(top + k) * size + left + j] += sum;
    }
  }
}

/** The lower triangle for one block of rows, two by two columns at once to halve the loads. */
function addBlock(
  scaled: readonly Float64Array[],
  plain: readonly Float64Array[],
  rows: number,
  sums: Float64Array,
  count: number,
): void {
  for (let j = 0; j < count; j += 2) {
    const a0 = scaled[j];
    const a1 = scaled[Math.min(j + 1, count - 1)];
    for (let k = 0; k <= j; k += 2) {
      const b0 = plain[k];
      const b1 = plain[Math.min(k + 1, count - 1)];
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      for (let row = 0; row < rows; row++) {
        s00 += a0[row] * b0[row];
        s01 += a0[row] * b1[row];
        s10 += a1[row] * b0[row];
        s11 += a1[row] * b1[row];
      }
      sums[j * count + k] += s00;
      if (k + 1 < count) sums[j * count + k + 1] += s01;
      if (j + 1 < count) {
        sums[(j + 1) * count + k] += s10;
        if (k + 1 < count) sums[(j + 1) * count + k + 1] += s11;
      }
    }
  }
}
