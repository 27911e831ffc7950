// Products with a matrix held as columns: X·w, Xᵀ·r and the weighted Gram matrix XᵀDX.

/** Rows worked on at once, so that a block of columns stays in the processor's cache. */
const BLOCK = 256;

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
  const sums = gramSums(columns, diagonal);
  const width = paddedCount(count);
  for (let j = 0; j < count; j++) {
    for (let k = 0; k <= j; k++) {
      const sum = sums[j * width + k];
      out[(top + j) * size + left + k] += sum;
      if (k < j) out[(top + k) * size + left + j] += sum;
    }
  }
}

/** Columns are taken in threes. */
function paddedCount(count: number): number {
  return 3 * Math.ceil(count / 3);
}

/** The lower triangle, row-major, padded with columns of zeros to a multiple of three. */
function gramSums(columns: readonly Float64Array[], diagonal: Float64Array): Float64Array {
  const width = paddedCount(columns.length);
  const sums = new Float64Array(width * width);
  const scaled = Array.from({ length: width }, () => new Float64Array(BLOCK));
  const plain = Array.from({ length: width }, () => new Float64Array(BLOCK));
  for (let start = 0; start < diagonal.length; start += BLOCK) {
    const rows = Math.min(BLOCK, diagonal.length - start);
    columns.forEach((column, j) => {
      const weighted = scaled[j];
      const values = plain[j];
      for (let row = 0; row < rows; row++) {
        values[row] = column[start + row];
        weighted[row] = diagonal[start + row] * values[row];
      }
    });
    for (let j = 0; j < width; j += 3) {
      for (let k = 0; k <= j; k += 3) addNine(scaled, j, plain, k, rows, sums, width);
    }
  }
  return sums;
}

/** Nine scalar products at once: six loads for nine multiplications, all sums in registers. */
function addNine(
  scaled: readonly Float64Array[],
  j: number,
  plain: readonly Float64Array[],
  k: number,
  rows: number,
  sums: Float64Array,
  width: number,
): void {
  const a0 = scaled[j];
  const a1 = scaled[j + 1];
  const a2 = scaled[j + 2];
  const b0 = plain[k];
  const b1 = plain[k + 1];
  const b2 = plain[k + 2];
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  for (let row = 0; row < rows; row++) {
    const x0 = a0[row];
    const x1 = a1[row];
    const x2 = a2[row];
    const y0 = b0[row];
    const y1 = b1[row];
    const y2 = b2[row];
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
  }
  const at = j * width + k;
  sums[at] += s00;
  sums[at + 1] += s01;
  sums[at + 2] += s02;
  sums[at + width] += s10;
  sums[at + width + 1] += s11;
  sums[at + width + 2] += s12;
  sums[at + 2 * width] += s20;
  sums[at + 2 * width + 1] += s21;
  sums[at + 2 * width + 2] += s22;
}
