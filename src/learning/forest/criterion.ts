// What a split search asks of a measure of impurity. A criterion keeps a histogram over the bins of
// one feature at a time; how its cells look is its own business.

/** Where the bins of a feature are: that of a row at `offset + row * stride`. */
export interface BinColumn {
  bins: Uint8Array;
  offset: number;
  stride: number;
}

/** A measure of impurity over the rows of one node at a time. */
export interface Criterion {
  /** Numbers in a leaf. */
  readonly outputs: number;
  /** Of the node read last: its weight, and whether nothing is left to separate. */
  weight: number;
  pure: boolean;
  /** The only class in the node, or −1. */
  readonly pureClass: number;
  /** Impurity decrease of the cut that `scan` returned last, times the node's weight. */
  gain: number;
  /** Sums up the rows of a node. */
  readNode(rows: Int32Array, start: number, end: number): void;
  /** Adds the node's rows to the empty histogram. */
  fill(column: BinColumn, rows: Int32Array, start: number, end: number): void;
  /** The same, and sets the bit of each bin met in the 256 bits of `met`. */
  fillSparse(
    column: BinColumn,
    rows: Int32Array,
    start: number,
    end: number,
    met: Int32Array,
  ): void;
  /** Weight in a bin; 0 only where no row is. */
  weightIn(bin: number): number;
  /**
   * Finds the cut of largest gain among cuts after `present[from]` … `present[to]`, the first of
   * equals. Left of a cut are the bins up to it, and missing values if `missingLeft`. Some row must
   * be left of the first cut and right of the last.
   * @returns position in `present`, or −1 if there is none
   */
  scan(present: Int32Array, from: number, to: number, missingLeft: boolean): number;
  /** Empties the cells of these bins. */
  clear(present: Int32Array, count: number): void;
  clearAll(): void;
  /** Writes the leaf of the node read last. */
  writeLeaf(values: Float64Array, at: number): void;
}
