// Which value under a structuring element counts: the largest (dilation) or the smallest (erosion).

export type Extreme = "largest" | "smallest";
