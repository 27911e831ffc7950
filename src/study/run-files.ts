// What the files of a run folder are called.

/** Names of the files in a run folder. */
export const runFiles = {
  config: "config.json",
  metrics: "metrics.json",
  predictions: "predictions.csv",
  report: "report.html",
  bundle: "model.roentgen",
  model: "model.onnx",
  /** Never leaves the run: what it holds says who was learnt from. */
  trainingImages: "training-images.safetensors",
  log: "log.jsonl",
} as const;
