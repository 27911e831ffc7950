// VGG with 16 and 19 layers. Simonyan, Zisserman: "Very deep convolutional networks for large-scale image recognition", 2014,
// table 1, columns D and E; as keras.applications and torchvision.models have them.

import { activation } from "../layers/activation.ts";
import { dropout, flatten } from "../layers/arrangement.ts";
import { chain } from "../layers/chain.ts";
import { convolution } from "../layers/convolution.ts";
import { dense } from "../layers/dense.ts";
import type { Layer } from "../layers/layer.ts";
import { adaptiveAveragePool, maxPool } from "../layers/pooling.ts";
import type { ArchitectureDefinition, TopOptions, VariantFacts } from "./architecture.ts";
import { caffeScaling, imagenetScaling } from "./pixel-scaling.ts";

/** Filters of each block, and how many convolutions of them there are. */
type Blocks = readonly (readonly [filters: number, convolutions: number])[];

const D: Blocks = [64, 128, 256, 512, 512].map((filters, at) => [filters, at < 2 ? 2 : 3]);
const E: Blocks = [64, 128, 256, 512, 512].map((filters, at) => [filters, at < 2 ? 2 : 4]);

export const vgg16 = vgg(16, D, { parameters: 138_357_544, last: "features.29" });
export const vgg19 = vgg(19, E, { parameters: 143_667_240, last: "features.35" });

function vgg(
  depth: number,
  blocks: Blocks,
  { parameters, last }: { parameters: number; last: string },
): ArchitectureDefinition {
  const shared = { input: [3, 224, 224], leastSize: 32, classes: 1000, parameters };
  const keras: VariantFacts = {
    ...shared,
    source: `keras.applications.VGG${depth}`,
    output: "softmax",
    scaling: caffeScaling,
    lastBlock: `block5_conv${blocks[4][1]}`,
    head: "predictions",
  };
  const torchvision: VariantFacts = {
    ...shared,
    source: `torchvision.models.vgg${depth}`,
    output: "linear",
    scaling: imagenetScaling,
    lastBlock: last,
    head: "classifier.6",
  };
  return {
    title: `VGG-${depth}`,
    paper:
      "Simonyan, Zisserman: Very deep convolutional networks for large-scale image recognition, 2014",
    axes: [2],
    variants: {
      keras: { ...keras, features: () => kerasFeatures(blocks), top: kerasTop },
      torchvision: {
        ...torchvision,
        features: () => torchvisionFeatures(blocks),
        top: torchvisionTop,
      },
    },
  };
}

/** What all convolutions have. */
const kernel = { kernel: 3, padding: 1, initialiser: "he-uniform" } as const;

function kerasFeatures(blocks: Blocks): Layer {
  return chain(
    ...blocks.flatMap(([filters, convolutions], block) => [
      ...count(convolutions).map((at) => {
        const name = `block${block + 1}_conv${at + 1}`;
        return convolution({ ...kernel, filters, activation: "relu", name });
      }),
      maxPool({ name: `block${block + 1}_pool` }),
    ]),
  );
}

function kerasTop({ classes, output }: TopOptions): Layer {
  return chain(
    flatten({ name: "flatten" }),
    dense({ units: 4096, activation: "relu", initialiser: "he-uniform", name: "fc1" }),
    dense({ units: 4096, activation: "relu", initialiser: "he-uniform", name: "fc2" }),
    dense({ units: classes, activation: output, name: "predictions" }),
  );
}

/** Convolutions, activations and pools are numbered together. */
function torchvisionFeatures(blocks: Blocks): Layer {
  const layers: Layer[] = [];
  const next = () => `features.${layers.length}`;
  for (const [filters, convolutions] of blocks) {
    for (const _ of count(convolutions)) {
      layers.push(convolution({ ...kernel, filters, name: next() }));
      layers.push(activation("relu", { name: next() }));
    }
    layers.push(maxPool({ name: next() }));
  }
  return chain(...layers);
}

function torchvisionTop({ classes, output }: TopOptions): Layer {
  return chain(
    adaptiveAveragePool({ size: 7, name: "avgpool" }),
    flatten({ name: "flatten" }),
    dense({ units: 4096, initialiser: "he-uniform", name: "classifier.0" }),
    activation("relu", { name: "classifier.1" }),
    dropout(0.5, { name: "classifier.2" }),
    dense({ units: 4096, initialiser: "he-uniform", name: "classifier.3" }),
    activation("relu", { name: "classifier.4" }),
    dropout(0.5, { name: "classifier.5" }),
    dense({ units: classes, activation: output, name: "classifier.6" }),
  );
}

const count = (length: number) => Array.from({ length }, (_, at) => at);
