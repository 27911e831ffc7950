// Roentgen: machine learning for medical imaging. Whole jobs and the types that travel; the parts that they
// are made of are found by room: "roentgen/statistics", "roentgen/learning", "roentgen/formats" …

export * from "./base/index.ts";
export * from "./tasks/index.ts";
