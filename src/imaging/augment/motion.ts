// Motion during an MR acquisition. Shaw et al., "MRI k-space motion artefact augmentation", MIDL 2019;
// as TorchIO's Motion.

import {
  type Image,
  number,
  parameters,
  type RandomStream,
  RoentgenError,
  rules,
  type WorkOptions,
} from "../../base/index.ts";
import { resampleImage } from "../resample/resample.ts";
import { centreAffine } from "../spatial/about-centre.ts";
import type { TransformKind } from "../transform.ts";
import { AXES, phaseAxis, phasePlaces, throughKSpace } from "./k-space.ts";
import { type Range, randomChange, rangeRule, wholeWithin, within } from "./random-change.ts";

const three = rules.tuple([number(), number(), number()], { error: "three numbers" });

const motionParameters = parameters({
  axis: phaseAxis(),
  /** When the patient moves, as shares of the acquisition from 0 to 1, in order. */
  times: rules.array(number({ above: 0, below: 1 })),
  /**
   * Where the patient lies in the stretches between, the one that takes the centre of k-space left out:
   * there the image is as it was. Degrees about i, j, k and mm along them, about the centre.
   */
  moves: rules.array(rules.strictObject({ degrees: three, translation: three })),
});

interface Motion {
  readonly axis: (typeof AXES)[number];
  readonly times: readonly number[];
  readonly moves: readonly { readonly degrees: number[]; readonly translation: number[] }[];
}

/** Lines of k-space of one image, some of them replaced by those of the image moved: ringing and blur along the axis. */
export const motion: TransformKind<typeof motionParameters> = {
  name: "motion",
  title: "Mixes the k-space of the image with that of the image moved.",
  parameters: motionParameters,
  apply: async (image, settings, work) => {
    checkMoves(settings);
    return { image: await acquireMoving(image, settings, work) };
  },
};

function checkMoves({ times, moves }: Pick<Motion, "times" | "moves">): void {
  const ordered = times.every((time, at) => at === 0 || time >= times[at - 1]);
  if (ordered && times.length === moves.length) return;
  throw new RoentgenError("bad-option", {
    problem: 'The times and moves of the transform "motion" do not fit',
    expected: "times from first to last, and as many moves",
    found: `times ${times.join(", ")} and ${moves.length} moves`,
    subject: "times",
  });
}

async function acquireMoving(image: Image, motion: Motion, work: WorkOptions): Promise<Image> {
  const axis = AXES.indexOf(motion.axis);
  const others: Image[] = [];
  for (const move of motion.moves) others.push(await moveImage(image, move, work));
  // Which image each line of k-space is taken from: 0 for the unmoved.
  const centre = stretchOf(motion.times, 0.5);
  const origins = phasePlaces(image.geometry.size[axis]).map(({ bin, time }) => {
    const stretch = stretchOf(motion.times, time);
    return { bin, origin: stretch === centre ? 0 : stretch < centre ? stretch + 1 : stretch };
  });
  return throughKSpace(image, { axis, others }, (spectra) => {
    for (const { bin, origin } of origins) {
      spectra[0].real[bin] = spectra[origin].real[bin];
      spectra[0].imaginary[bin] = spectra[origin].imaginary[bin];
    }
  });
}

function moveImage(image: Image, move: Motion["moves"][number], work: WorkOptions): Promise<Image> {
  const settings = centreAffine.parameters.parse(move);
  const map = centreAffine.moves.map(image.geometry, settings, undefined);
  return resampleImage(image, map, { interpolation: "linear", outside: "edge" }, work);
}

/** Index of the stretch of the acquisition that a share of it lies in. */
function stretchOf(times: readonly number[], share: number): number {
  return times.filter((time) => time <= share).length;
}

/** TorchIO's ranges. In an image of one slice the patient moves in its plane. */
export const randomMotion = randomChange({
  name: "random-motion",
  title: "Simulates random movements of the patient during an MR acquisition.",
  parameters: {
    axis: phaseAxis(),
    /** How often the patient moves. */
    movements: rangeRule({ min: 1, max: 20 }).default([1, 2]),
    degrees: rangeRule().default([-10, 10]),
    /** mm, or voxels where no spacing is known. */
    translation: rangeRule().default([-10, 10]),
  },
  draw: (random, { axis, movements, degrees, translation }, { geometry }) => {
    const count = wholeWithin(random, movements);
    const times = Array.from({ length: count }, () => within(random, [0.001, 0.999]));
    const flat = geometry.size[2] === 1;
    const moves = times.map(() => drawMove(random, { degrees, translation, flat }));
    return { name: "motion", axis, times: times.sort((a, b) => a - b), moves };
  },
});

function drawMove(
  random: RandomStream,
  { degrees, translation, flat }: { degrees: Range; translation: Range; flat: boolean },
) {
  const three = (range: Range) => [0, 1, 2].map(() => within(random, range));
  const [a, b, c] = three(degrees);
  const [x, y, z] = three(translation);
  return flat
    ? { degrees: [0, 0, c], translation: [x, y, 0] }
    : { degrees: [a, b, c], translation: [x, y, z] };
}
