// The residual networks for images, with the implementations that they follow.

import type { ArchitectureDefinition, Variant } from "./architecture.ts";
import { basicBlock, bottleneck, type Stages, torchvisionResNet } from "./resnet.ts";

const SMALL: Stages = [2, 2, 2, 2];
const MEDIUM: Stages = [3, 4, 6, 3];
const LARGE: Stages = [3, 4, 23, 3];

export const resnet18 = definition(18, {
  torchvision: torchvisionResNet(18, { block: basicBlock, stages: SMALL, parameters: 11_689_512 }),
});

export const resnet34 = definition(34, {
  torchvision: torchvisionResNet(34, { block: basicBlock, stages: MEDIUM, parameters: 21_797_672 }),
});

export const resnet50 = definition(50, {
  torchvision: torchvisionResNet(50, { block: bottleneck, stages: MEDIUM, parameters: 25_557_032 }),
});

export const resnet101 = definition(101, {
  torchvision: torchvisionResNet(101, { block: bottleneck, stages: LARGE, parameters: 44_549_160 }),
});

function definition(
  depth: number,
  variants: Partial<Record<"torchvision" | "keras", Variant>>,
): ArchitectureDefinition {
  return {
    title: `ResNet-${depth}`,
    paper: "He, Zhang, Ren, Sun: Deep residual learning for image recognition, 2015",
    axes: [2],
    variants,
  };
}
