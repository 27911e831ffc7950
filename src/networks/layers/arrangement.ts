// Layers without parameters that rearrange, join, enlarge or thin out.

import { RoentgenError } from "../../base/index.ts";
import { int, text } from "../../onnx/index.ts";
import { type Layer, makeLayer } from "../compose.ts";
import { imageShape, type Lengths, perAxis } from "./convolution.ts";

interface Named {
  name?: string;
}

/** All but the batch into one axis. */
export function flatten({ name }: Named = {}): Layer {
  return makeLayer("flatten", name, ({ m }, x) => m.op("Flatten", [x], { axis: int(1) }));
}

/** To lengths without the batch; one −1 takes what is left. */
export function reshape(shape: readonly number[], { name }: Named = {}): Layer {
  return makeLayer("reshape", name, ({ m }, x) => m.reshape(x, [0, ...shape]));
}

/** Axes in another order; 1 is the first after the batch. */
export function permute(order: readonly number[], { name }: Named = {}): Layer {
  return makeLayer("permute", name, ({ m }, x) => m.transpose(x, [0, ...order]));
}

/** In training a fraction of the elements becomes 0 and the rest is scaled up; in inference nothing. */
export function dropout(rate: number, { name }: Named = {}): Layer {
  if (!(rate >= 0 && rate < 1)) {
    throw new RoentgenError("bad-option", {
      problem: "The rate of dropout does not fit",
      expected: "a fraction of at least 0 and below 1",
      found: String(rate),
    });
  }
  return makeLayer("dropout", name, ({ m }, x) => m.op("Dropout", [x, m.scalarLike(rate, x)]));
}

/** The sum of its inputs. */
export function add({ name }: Named = {}): Layer {
  return makeLayer("add", name, ({ m }, ...inputs) =>
    inputs.reduce((sum, input) => m.add(sum, input)),
  );
}

/** The product of its inputs, element by element, broadcast. */
export function multiply({ name }: Named = {}): Layer {
  return makeLayer("multiply", name, ({ m }, ...inputs) =>
    inputs.reduce((all, input) => m.mul(all, input)),
  );
}

/** Its inputs one after another along an axis; 1 are the channels. */
export function concatenate({ axis = 1, name }: Named & { axis?: number } = {}): Layer {
  return makeLayer("concatenate", name, ({ m }, ...inputs) =>
    m.op("Concat", inputs, { axis: int(axis) }),
  );
}

/** Enlarges images by whole factors. */
export function upsample({
  factor = 2,
  interpolation = "nearest",
  name,
}: Named & { factor?: Lengths; interpolation?: "nearest" | "linear" } = {}): Layer {
  return makeLayer("up_sampling", name, (scope, x) => {
    const { rank } = imageShape(scope, x);
    const factors = Float32Array.of(1, 1, ...perAxis(factor, rank));
    const scales = scope.m.graph.constant({ type: "float32", shape: [rank + 2], data: factors });
    // Nearest neighbours are copies: the pixel that a place falls into.
    const nearest = {
      coordinate_transformation_mode: text("asymmetric"),
      nearest_mode: text("floor"),
    };
    const attributes = {
      mode: text(interpolation),
      ...(interpolation === "nearest" ? nearest : {}),
    };
    return scope.m.op("Resize", [x, "", scales], attributes);
  });
}

/** Zeros around images, as many before and after each spatial axis. */
export function zeroPad(amount: Lengths, { name }: Named = {}): Layer {
  return makeLayer("zero_padding", name, (scope, x) => {
    const pads = perAxis(amount, imageShape(scope, x).rank);
    return scope.m.op("Pad", [x, scope.m.lengths([0, 0, ...pads, 0, 0, ...pads])]);
  });
}
