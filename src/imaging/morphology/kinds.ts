// The transforms of masks and shapes, in the order of documentation.

import type { Image, Parameters, SettingsOf } from "../../base/index.ts";
import type { Transformed, TransformKind, TransformWork } from "../transform.ts";
import { componentParameters, connectedComponents } from "./connected-components.ts";
import { distanceParameters, distanceTransform, signedDistance } from "./distance-transform.ts";
import {
  bottomHat,
  close,
  dilate,
  erode,
  morphologicalGradient,
  open,
  topHat,
} from "./erode-dilate.ts";
import { fillHoles, holeParameters } from "./fill-holes.ts";
import {
  largestComponent,
  largestParameters,
  removeSmallComponents,
  smallParameters,
} from "./keep-components.ts";
import { elementParameters } from "./structuring-element.ts";
import { surfaceOf, surfaceParameters } from "./surface.ts";

export const morphologyKinds: readonly TransformKind[] = [
  kind(
    "components",
    "Numbers the pieces of a mask or label map that hang together.",
    componentParameters,
    (image, settings) => {
      const { labels, count } = connectedComponents(image, settings);
      return { image: labels, found: { count } };
    },
  ),
  kind(
    "largest-component",
    "Keeps the largest piece of a mask, or of each label.",
    largestParameters,
    (image, settings) => ({ image: largestComponent(image, settings) }),
  ),
  kind(
    "remove-small",
    "Removes the pieces of a mask that are smaller than so many voxels or mm³.",
    smallParameters,
    (image, settings) => ({ image: removeSmallComponents(image, settings) }),
  ),
  kind("fill-holes", "Fills the holes of a mask.", holeParameters, (image, settings) => ({
    image: fillHoles(image, settings),
  })),
  byElement("erode", "Takes the smallest value around each voxel: masks shrink.", erode),
  byElement("dilate", "Takes the largest value around each voxel: masks grow.", dilate),
  byElement("open", "Takes off what a ball or box does not fit into.", open),
  byElement("close", "Fills gaps that a ball or box does not fit into.", close),
  byElement(
    "morphological-gradient",
    "Takes the range of the values around each voxel: edges.",
    morphologicalGradient,
  ),
  byElement("top-hat", "Takes what is brighter than its surroundings and small.", topHat),
  byElement("bottom-hat", "Takes what is darker than its surroundings and small.", bottomHat),
  kind("surface", "Takes a mask's outermost voxels.", surfaceParameters, (image, settings) => ({
    image: surfaceOf(image, settings),
  })),
  kind(
    "distance",
    "Measures each voxel's distance to the background of a mask.",
    distanceParameters,
    async (image, settings, work) => ({
      image: await distanceTransform(image, { ...settings, ...threadsAndSignal(work) }),
    }),
  ),
  kind(
    "signed-distance",
    "Measures each voxel's distance to the surface of a mask, below 0 inside.",
    distanceParameters,
    async (image, settings, work) => ({
      image: await signedDistance(image, { ...settings, ...threadsAndSignal(work) }),
    }),
  ),
];

function kind<P extends Parameters>(
  name: string,
  title: string,
  parameters: P,
  apply: TransformKind<P>["apply"],
): TransformKind<P> {
  return { name, title, parameters, apply };
}

type ElementTransform = (image: Image, settings: SettingsOf<typeof elementParameters>) => Image;

function byElement(name: string, title: string, change: ElementTransform): TransformKind {
  const apply = (image: Image, settings: SettingsOf<typeof elementParameters>): Transformed => ({
    image: change(image, settings),
  });
  return kind(name, title, elementParameters, apply) as TransformKind;
}

function threadsAndSignal({ threads, signal }: TransformWork) {
  return { threads, signal };
}
