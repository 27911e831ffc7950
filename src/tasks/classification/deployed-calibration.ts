// What of a calibration is done inside the deployed model, as its bundle states it.

import type { ImageDescription } from "../../study/index.ts";
import type { ImageCalibration } from "./calibrate-images.ts";

/** A temperature of classes, or a line a finding; nothing where neither could be fitted. */
export function deployedCalibration(
  calibration: Pick<ImageCalibration, "temperature" | "labels"> | undefined,
): ImageDescription["calibration"] {
  const { temperature, labels } = calibration ?? {};
  if (temperature) {
    const { temperature: divisor, n } = temperature;
    return { method: "temperature", temperature: divisor, n };
  }
  if (!labels) return undefined;
  const lines = labels.map(({ label, line: { slope, intercept, n } }) => {
    return { label, slope, intercept, n };
  });
  return { method: "platt", lines };
}
