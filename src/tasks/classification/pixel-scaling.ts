// How pixels become what an architecture's published weights were trained on, as data.

/** Pixels in 0 … 1 become `(pixel · factor − mean) / deviation`, channel by channel in the order that is named. */
export interface PixelScaling {
  readonly order: "RGB" | "BGR";
  readonly factor: number;
  /** One for each channel, in that order, after the factor. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}
