// Tables made ready for learning: what to predict from what, splits, leakage checks, phantoms.

export {
  holdOut,
  makeSplits,
  type SplitOptions,
  type SplitRows,
  splitParameters,
} from "./splits/make-splits.ts";
export type { Split } from "./splits/split.ts";
export { orderClasses } from "./view/class-order.ts";
export {
  type Groups,
  type TableView,
  type ViewOptions,
  viewParameters,
  viewTable,
} from "./view/view-table.ts";
