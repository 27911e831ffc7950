// Keras's pools. Windows at a padded border average what is inside, as ONNX does by default.

import { ints } from "../../onnx/index.ts";
import { imageInput, paddingAttributes } from "./images.ts";
import type { LayerRule } from "./layer-scope.ts";

/** MaxPooling and AveragePooling in 1-D to 3-D. */
export const pooling =
  (operator: "MaxPool" | "AveragePool", rank: number): LayerRule =>
  (scope, input) => {
    const { config, m } = scope;
    const x = imageInput(scope, input);
    const extent = config.lengths("pool_size", rank, 2);
    const hasStrides = config.value("strides") !== undefined;
    const strides = hasStrides ? config.lengths("strides", rank) : extent;
    const padding = paddingAttributes(scope, x, { extent, strides });
    const attributes = { kernel_shape: ints(extent), strides: ints(strides), ...padding };
    return x.give(m.op(operator, [x.term], attributes));
  };

/** GlobalMaxPooling and GlobalAveragePooling: to [N, C], or with lengths of 1 where `keepdims` says so. */
export const globalPooling =
  (operator: "GlobalMaxPool" | "GlobalAveragePool"): LayerRule =>
  (scope, input) => {
    const { config, m } = scope;
    const x = imageInput(scope, input);
    const pooled = m.op(operator, [x.term]);
    if (config.flag("keepdims", false)) return x.give(pooled);
    return { term: m.op("Flatten", [pooled]), moved: false };
  };
