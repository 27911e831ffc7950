// A study: the figures that show it, the report that tells it, the folder that keeps it and the bundle that
// carries its model.

export type {
  BundleDescription,
  BundleInput,
  BundleManifest,
  BundleMetric,
} from "./bundle/manifest.ts";
export { type Bundle, readBundle } from "./bundle/read.ts";
export {
  type RunModel,
  type Tensors,
  type TestVector,
  verifyTestVector,
} from "./bundle/test-vector.ts";
export { type BundleParts, writeBundle } from "./bundle/write.ts";
export { type RocCurve, type RocPlotOptions, rocPlot } from "./plots/roc.ts";
export {
  describeProvenance,
  type Fingerprint,
  fingerprint,
  type Provenance,
} from "./provenance.ts";
export { renderReport } from "./report/render.ts";
export type {
  Block,
  Fact,
  HeadlineFigure,
  Lead,
  Notice,
  Report,
  ReportColumn,
  ReportFigure,
  ReportTable,
  Section,
  Term,
} from "./report/report.ts";
export {
  openRun,
  type Run,
  type RunOptions,
  type RunRecord,
  type RunResults,
  readRun,
  runFiles,
} from "./run.ts";
