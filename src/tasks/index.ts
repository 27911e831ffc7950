export {
  type ColumnSummary,
  describeTable,
  type NumberSummary,
  type TableSummary,
  type TextSummary,
} from "./tables/describe.ts";
