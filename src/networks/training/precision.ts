// Which precision a training has: mixed where it is asked for and the device computes in float16, else float32.

import { openStatefulSession } from "#session";
import { type Device, encodeModel, graphBuilder, mixedPrecision } from "../../onnx/index.ts";

/** Of products: float32, or float16 with all else in float32. */
export type Precision = "float32" | "mixed";

export interface PrecisionOptions {
  /** "auto" takes mixed precision where the device has it; "mixed" says so where it has not. */
  precision?: Precision | "auto";
  device?: Device;
  threads?: number;
}

/** The precision that the device has of what is asked for. */
export async function precisionOn(options: PrecisionOptions): Promise<Precision> {
  const { precision = "float32", device = "auto" } = options;
  if (precision === "float32") return precision;
  if (device !== "cpu" && (await hasHalfPrecision(options))) return "mixed";
  if (precision === "mixed") {
    console.warn(`Training in float32: ${nameOf(device)} has no half precision.`);
  }
  return "float32";
}

function nameOf(device: Device): string {
  return device === "cpu" || device === "auto" ? "the CPU" : `device "${device}"`;
}

/**
 * Whether a product in float16 comes out on a device other than the CPU, for which ONNX Runtime widens all numbers: kernels
 * that are there may still refuse when they run.
 */
async function hasHalfPrecision({ device = "auto", threads }: PrecisionOptions): Promise<boolean> {
  const model = { bytes: encodeModel(mixedPrecision(product())), carry: {} };
  const one = { type: "float32", shape: [1, 1], data: Float32Array.of(3) } as const;
  try {
    const session = await openStatefulSession({ model }, { state: {}, device, threads });
    try {
      const { y } = await session.run("model", { a: one, b: one });
      return session.device !== "cpu" && Number(y.data[0]) === 9;
    } finally {
      await session.close();
    }
  } catch {
    return false;
  }
}

/** a · b. */
function product() {
  const graph = graphBuilder({ opset: 21 });
  const shape = [1, 1];
  const [a, b] = ["a", "b"].map((name) => graph.input({ name, type: "float32", shape }));
  graph.output({ name: "y" }, graph.node("MatMul", [a, b]));
  return graph.build();
}
