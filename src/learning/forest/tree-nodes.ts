// Nodes of the trees that one worker grows, in arrays that double when full.

import type { GrownTrees } from "./model.ts";

/** Growing arrays of nodes and leaf values. Node and value indices count from the first tree. */
export class TreeNodes {
  count = 0;
  valueCount = 0;
  feature = new Int32Array(1024);
  threshold = new Float32Array(1024);
  missingLeft = new Uint8Array(1024);
  child = new Int32Array(1024);
  cover = new Float32Array(1024);
  values = new Float64Array(1024);

  /** Makes room for `extra` nodes and returns the index of the first. */
  add(extra: number): number {
    const first = this.count;
    this.count += extra;
    if (this.count > this.feature.length) this.grow();
    return first;
  }

  /** Makes room for one leaf's values and returns their place in `values`. */
  addValues(outputs: number): number {
    const first = this.valueCount;
    this.valueCount += outputs;
    if (this.valueCount > this.values.length) {
      const wider = new Float64Array(2 * this.valueCount);
      wider.set(this.values);
      this.values = wider;
    }
    return first;
  }

  private grow(): void {
    const length = Math.ceil(1.5 * this.count);
    this.feature = widened(this.feature, new Int32Array(length));
    this.threshold = widened(this.threshold, new Float32Array(length));
    this.missingLeft = widened(this.missingLeft, new Uint8Array(length));
    this.child = widened(this.child, new Int32Array(length));
    this.cover = widened(this.cover, new Float32Array(length));
  }

  /** The nodes without spare room. */
  finish(nodeCounts: Int32Array, importances: Float64Array): GrownTrees {
    const { count } = this;
    return {
      nodeCounts,
      importances,
      feature: this.feature.slice(0, count),
      threshold: this.threshold.slice(0, count),
      missingLeft: this.missingLeft.slice(0, count),
      child: this.child.slice(0, count),
      cover: this.cover.slice(0, count),
      values: this.values.slice(0, this.valueCount),
    };
  }
}

function widened<T extends Int32Array | Float32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
