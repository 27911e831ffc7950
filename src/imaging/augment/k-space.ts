// Images as MR scanners take them: line by line of k-space along the phase-encoding axis.

import { channelCount, type Image, oneOf, voxelCount } from "../../base/index.ts";
import { type Complex, complex, eachLineStart, lineTransform } from "../fourier/fourier.ts";
import { mapChannels } from "../intensity/channels.ts";

export const AXES = ["i", "j", "k"] as const;

/** The axis along which lines of k-space are taken one after another. */
export function phaseAxis() {
  return oneOf(...AXES).default("j");
}

/**
 * An image whose k-space `change` has altered. What happens to whole lines of k-space, at one place along
 * the phase-encoding axis, needs the transform along that axis alone: along the others it cancels out.
 * The real part is taken, so that values below 0 (z-scores) stay below 0.
 * @param change alters `spectra[0]`, of one line of voxels; the others are those of `others`
 */
export function throughKSpace(
  image: Image,
  { axis, others = [] }: { axis: number; others?: readonly Image[] },
  change: (spectra: readonly Complex[]) => void,
): Image {
  const { size } = image.geometry;
  const voxels = voxelCount(image.geometry);
  const { forward, inverse } = lineTransform(size[axis]);
  const sources = [image, ...others].map(({ data }) => ({ data, line: complex(size[axis]) }));
  const lines = sources.map(({ line }) => line);
  return mapChannels(image, { channelWise: false, unit: image.unit }, (_, into) => {
    for (let channel = 0; channel < channelCount(image); channel++) {
      eachLineStart(size, axis, (first, stride) => {
        const start = channel * voxels + first;
        for (const { data, line } of sources) {
          for (let n = 0; n < size[axis]; n++) line.real[n] = data[start + n * stride];
          line.imaginary.fill(0);
          forward(line);
        }
        change(lines);
        inverse(lines[0]);
        for (let n = 0; n < size[axis]; n++) into[start + n * stride] = lines[0].real[n];
      });
    }
  });
}

/** Places along the phase-encoding axis in the order in which a scanner takes them: from −N/2 on. */
export interface PhasePlace {
  /** 0 at the centre of k-space. */
  readonly place: number;
  /** Where a transform keeps it. */
  readonly bin: number;
  /** Share of the acquisition at which it is taken. */
  readonly time: number;
}

export function phasePlaces(count: number): PhasePlace[] {
  const half = Math.floor(count / 2);
  return Array.from({ length: count }, (_, at) => ({
    place: at - half,
    bin: (at - half + count) % count,
    time: (at + 0.5) / count,
  }));
}
