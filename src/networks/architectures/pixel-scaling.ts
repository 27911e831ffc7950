// How pixels become what an architecture's published weights were trained on, as data.

/** Pixels in 0 … 1 become `(pixel · factor − mean) / deviation`, channel by channel in the order that is named. */
export interface PixelScaling {
  readonly order: "RGB" | "BGR";
  readonly factor: number;
  /** One for each channel, in that order, after the factor. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Means and standard deviations of ImageNet (torchvision.transforms presets; keras.applications mode "torch"). */
export const imagenetScaling: PixelScaling = {
  order: "RGB",
  factor: 1,
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** Caffe's means, blue first (keras.applications mode "caffe"). */
export const caffeScaling: PixelScaling = {
  order: "BGR",
  factor: 255,
  mean: [103.939, 116.779, 123.68],
  deviation: [1, 1, 1],
};

/** As they are. */
export const unitScaling: PixelScaling = {
  order: "RGB",
  factor: 1,
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
};

/** 0 … 255, for networks that scale pixels themselves. */
export const byteScaling: PixelScaling = { ...unitScaling, factor: 255 };

/**
 * The scaling for images with another number of channels: each is scaled by the mean of what the published ones are, since
 * grey pixels are equal in all of them.
 */
export function scalingFor(scaling: PixelScaling, channels: number): PixelScaling {
  const { mean, deviation } = scaling;
  if (mean.length === channels) return scaling;
  const evened = (all: readonly number[]) => {
    const average = all.reduce((sum, one) => sum + one, 0) / all.length;
    return new Array<number>(channels).fill(average);
  };
  return { ...scaling, order: "RGB", mean: evened(mean), deviation: evened(deviation) };
}
