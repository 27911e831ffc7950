// Upsample and Resize: Upsample became Resize with opset 10, Resize got its coordinate modes with 11.

import { readAttributes } from "../../attributes.ts";
import { floats, type OnnxTensor, text } from "../../model.ts";
import { type Step, type Steps, toInputs, withAttributes } from "./step.ts";

/** The first version had one scale an axis of an image. */
const scalesOfImage: Step = (node) => {
  const { height_scale: height, width_scale: width } = node.attributes;
  if (height?.kind !== "float" || width?.kind !== "float") return [node];
  const scales = floats([1, 1, height.value, width.value]);
  return [withAttributes(node, { scales, height_scale: undefined, width_scale: undefined })];
};

const toResize: Step = (node) => [{ ...node, operator: "Resize" }];

/**
 * Until opset 10 output i was taken at i / scale; nearest rounded down where an axis grows and, in ONNX Runtime, up where
 * it shrinks. `nearest_mode` holds for all axes, so a mix of both takes two nodes.
 */
const withCoordinates: Step = (node, at) => {
  const [x, scales] = node.inputs;
  const asymmetric = { coordinate_transformation_mode: text("asymmetric") };
  const resized = { ...withAttributes(node, asymmetric), inputs: [x, "", scales] };
  if (readAttributes(node).text("mode", "nearest") !== "nearest") return [resized];
  const factors = Array.from((at.constantOf(scales)?.data ?? []) as ArrayLike<number>);
  const shrinks = factors.some((factor) => factor < 1);
  if (!shrinks) return [withAttributes(resized, { nearest_mode: text("floor") })];
  const shrinking = withAttributes(resized, { nearest_mode: text("ceil") });
  if (factors.every((factor) => factor <= 1)) return [shrinking];
  const part = (limit: typeof Math.min) =>
    at.constant(scaleTensor(factors.map((factor) => limit(factor, 1))));
  const between = at.fresh(`${node.name || "Resize"}:grown`);
  const growing = withAttributes(
    { ...resized, name: at.fresh("Resize"), inputs: [x, "", part(Math.max)], outputs: [between] },
    { nearest_mode: text("floor") },
  );
  return [growing, { ...shrinking, inputs: [between, "", part(Math.min)] }];
};

function scaleTensor(factors: readonly number[]): OnnxTensor {
  return { type: "float32", shape: [factors.length], data: Float32Array.from(factors) };
}

/** Since opset 13 inputs that say nothing are left out, where they were empty tensors; one coordinate mode is gone. */
const withoutEmptyInputs: Step = (node, at) => {
  const isEmpty = (name: string, index: number) =>
    index > 0 && at.constantOf(name)?.data.length === 0;
  const inputs = node.inputs.map((name, index) => (isEmpty(name, index) ? "" : name));
  while (inputs.at(-1) === "") inputs.pop();
  const attributes = readAttributes(node);
  const mode = attributes.text("coordinate_transformation_mode", "half_pixel");
  if (mode !== "tf_half_pixel_for_nn") return [{ ...node, inputs }];
  // ⌊(i + ½) / s⌋ is (i + ½) / s − ½ rounded, halves up.
  const isDown = attributes.text("nearest_mode", "round_prefer_floor") === "floor";
  if (!isDown) at.fail('its coordinate mode "tf_half_pixel_for_nn" exists with "floor" only');
  const modes = {
    coordinate_transformation_mode: text("half_pixel"),
    nearest_mode: text("round_prefer_ceil"),
  };
  return [withAttributes({ ...node, inputs }, modes)];
};

/** Regions that opset 16 puts at pixel centres by default. */
const regionsAtCorners: Step = (node) => [
  withAttributes(node, { coordinate_transformation_mode: text("output_half_pixel") }),
];

/** GridSample names its modes as Resize does since opset 20. */
const modesAsResize: Step = (node) => {
  const mode = readAttributes(node).text("mode", "bilinear");
  const names: Record<string, string> = { bilinear: "linear", bicubic: "cubic" };
  return [withAttributes(node, { mode: text(names[mode] ?? mode) })];
};

export const resizingTo7: Steps = { Upsample: scalesOfImage };
export const resizingTo9: Steps = { Upsample: toInputs({ scales: 1 }) };
export const resizingTo10: Steps = { Upsample: toResize };
export const resizingTo11: Steps = { Resize: withCoordinates };
export const resizingTo13: Steps = { Resize: withoutEmptyInputs };
export const resizingTo16: Steps = { RoiAlign: regionsAtCorners };
export const resizingTo20: Steps = { GridSample: modesAsResize };
