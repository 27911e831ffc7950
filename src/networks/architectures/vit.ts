// The vision transformer ViT-S/16, as timm has it. Dosovitskiy et al.: "An image is worth 16×16 words", 2021, section 3.1;
// Touvron et al.: "Training data-efficient image transformers", 2021, table 1, for the small size.

import { activation } from "../layers/activation.ts";
import { add, permute, reshape } from "../layers/arrangement.ts";
import { selfAttention } from "../layers/attention.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { layerNormalisation } from "../layers/normalisation.ts";
import { classToken, positionEmbedding, tokenPool } from "../layers/tokens.ts";
import type { ArchitectureDefinition, TopOptions } from "./architecture.ts";
import type { PixelScaling } from "./pixel-scaling.ts";

const WIDTH = 384;
const DEPTH = 12;
const HEADS = 6;
const PATCH = 16;

const initialiser = "narrow-normal";

/** To −1 … 1 (timm's configuration of vit_small_patch16_224.augreg_in21k_ft_in1k). */
const evenScaling: PixelScaling = {
  order: "RGB",
  factor: 1,
  mean: [0.5, 0.5, 0.5],
  deviation: [0.5, 0.5, 0.5],
};

export const vitSmall16: ArchitectureDefinition = {
  title: "ViT-S/16",
  paper: "Dosovitskiy et al.: An image is worth 16×16 words, 2021",
  axes: [2],
  variants: {
    timm: {
      source: "timm.models.vit_small_patch16_224",
      ...{ input: [3, 224, 224], leastSize: PATCH, multipleOf: PATCH },
      ...{ classes: 1000, parameters: 22_050_664, output: "linear", scaling: evenScaling },
      // Behind the last attention only the class token matters: what Grad-CAM looks at is before.
      ...{ lastBlock: `blocks.${DEPTH - 1}.norm1`, head: "head" },
      features,
      top,
      pools: {
        token: () => tokenPool({ of: "token", name: "token" }),
        average: () => tokenPool({ of: "average", name: "avg_pool" }),
        max: () => tokenPool({ of: "max", name: "max_pool" }),
      },
    },
  },
};

/** Patches as tokens, the class token first: [N, 1 + patches, 384]. */
function features(): Layer {
  return chain(
    convolution({
      ...{ filters: WIDTH, kernel: PATCH, stride: PATCH },
      ...{ initialiser, name: "patch_embed.proj" },
    }),
    reshape([WIDTH, -1], { name: "patch_embed.flatten" }),
    permute([2, 1], { name: "patch_embed.permute" }),
    classToken({ name: "cls_token" }),
    positionEmbedding({ name: "pos_embed" }),
    ...Array.from({ length: DEPTH }, (_, at) => encoderBlock(`blocks.${at}`)),
    normalised("norm"),
  );
}

const normalised = (name: string) => layerNormalisation({ epsilon: 1e-6, name });

/** Attention, then two dense layers at each position, both normalised before and added to what came in. */
function encoderBlock(name: string): Layer {
  const attention = chain(
    normalised(`${name}.norm1`),
    selfAttention({ heads: HEADS, naming: "timm", initialiser, name: `${name}.attn` }),
  );
  const perceptron = chain(
    normalised(`${name}.norm2`),
    dense({ units: 4 * WIDTH, initialiser, name: `${name}.mlp.fc1` }),
    activation("gelu", { name: `${name}.mlp.act` }),
    dense({ units: WIDTH, initialiser, name: `${name}.mlp.fc2` }),
  );
  return (input) => {
    const seen = add({ name: `${name}.add` })(input, attention(input));
    return add({ name: `${name}.add_1` })(seen, perceptron(seen));
  };
}

function top({ classes, output }: TopOptions): Layer {
  return chain(
    tokenPool({ of: "token", name: "token" }),
    dense({ units: classes, activation: output, initialiser, name: "head" }),
  );
}
