// How the learning rate changes in the course of training: a factor of the base rate for each step.

import { checkParameters, integer, number, type OptionsOf, parameters } from "../base/index.ts";

/** Where training stands. */
export interface SchedulePoint {
  /** From 0. */
  readonly step: number;
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  /** Values of the monitored figure after each epoch so far; smaller is better. */
  readonly monitored: readonly number[];
}

/** A course of the learning rate. */
export interface Schedule {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
  /** Factor of the base rate at a step. */
  factor(point: SchedulePoint): number;
}

/** The base rate throughout. */
export const constantRate = (): Schedule => ({ name: "constant", settings: {}, factor: () => 1 });

const stepRules = parameters({
  /** Epochs between two falls. */
  every: integer({ min: 1 }).default(30),
  gamma: number({ above: 0 }).default(0.1),
});

/** Falls to γ times itself every so many epochs. */
export function stepRate(options: OptionsOf<typeof stepRules> = {}): Schedule {
  const settings = checkParameters(stepRules, options, "step schedule");
  const { every, gamma } = settings;
  const factor = ({ step, stepsPerEpoch }: SchedulePoint) =>
    gamma ** Math.floor(step / stepsPerEpoch / every);
  return { name: "step", settings, factor };
}

const cosineRules = parameters({
  /** Part of all steps in which the rate rises from 0. */
  warmUp: number({ min: 0, below: 1 }).default(0.05),
  /** Factor at the end. */
  floor: number({ min: 0, max: 1 }).default(0),
});

/** Rises in a line, then falls as half a cosine. Loshchilov, Hutter: "SGDR", 2017, eq. 5, without restarts. */
export function cosineRate(options: OptionsOf<typeof cosineRules> = {}): Schedule {
  const settings = checkParameters(cosineRules, options, "cosine schedule");
  const { warmUp, floor } = settings;
  return {
    name: "cosine",
    settings,
    factor({ step, totalSteps }) {
      const rise = Math.round(warmUp * totalSteps);
      if (step < rise) return (step + 1) / (rise + 1);
      const done = (step - rise) / Math.max(1, totalSteps - rise);
      return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, done)));
    },
  };
}

const oneCycleRules = parameters({
  /** Part of all steps in which the rate rises. */
  rise: number({ above: 0, below: 1 }).default(0.3),
  /** The base rate is so many times the first one. */
  startDivisor: number({ min: 1 }).default(25),
  /** The first rate is so many times the last one. */
  endDivisor: number({ min: 1 }).default(1e4),
});

/** Up to the base rate and down again to almost nothing. Smith, Topin: "Super-convergence", 2018; as in PyTorch. */
export function oneCycleRate(options: OptionsOf<typeof oneCycleRules> = {}): Schedule {
  const settings = checkParameters(oneCycleRules, options, "one-cycle schedule");
  const { rise, startDivisor, endDivisor } = settings;
  const between = (from: number, to: number, part: number) =>
    to + ((from - to) / 2) * (1 + Math.cos(Math.PI * part));
  return {
    name: "one-cycle",
    settings,
    factor({ step, totalSteps }) {
      const top = rise * totalSteps - 1;
      const start = 1 / startDivisor;
      if (step <= top) return between(start, 1, top <= 0 ? 1 : step / top);
      const part = (step - top) / Math.max(1, totalSteps - 1 - top);
      return between(1, start / endDivisor, Math.min(1, part));
    },
  };
}

const polynomialRules = parameters({ power: number({ above: 0 }).default(0.9) });

/** (1 − done)ᵖ, as nnU-Net has it. */
export function polynomialRate(options: OptionsOf<typeof polynomialRules> = {}): Schedule {
  const settings = checkParameters(polynomialRules, options, "polynomial schedule");
  const factor = ({ step, totalSteps }: SchedulePoint) =>
    Math.max(0, 1 - step / totalSteps) ** settings.power;
  return { name: "polynomial", settings, factor };
}

const plateauRules = parameters({
  /** Epochs without an improvement before the rate falls. */
  patience: integer({ min: 0 }).default(10),
  gamma: number({ above: 0, below: 1 }).default(0.1),
  /** Relative change that counts as an improvement. */
  threshold: number({ min: 0 }).default(1e-4),
  floor: number({ min: 0, max: 1 }).default(0),
});

/** Falls to γ times itself where the monitored figure has not improved for a while. */
export function plateauRate(options: OptionsOf<typeof plateauRules> = {}): Schedule {
  const settings = checkParameters(plateauRules, options, "plateau schedule");
  const { patience, gamma, threshold, floor } = settings;
  return {
    name: "plateau",
    settings,
    factor({ monitored }) {
      let best = Number.POSITIVE_INFINITY;
      let waited = 0;
      let factor = 1;
      for (const value of monitored) {
        const isBetter = value < best - threshold * Math.abs(Number.isFinite(best) ? best : 0);
        if (isBetter) best = value;
        waited = isBetter ? 0 : waited + 1;
        if (waited <= patience) continue;
        factor = Math.max(floor, factor * gamma);
        waited = 0;
      }
      return factor;
    },
  };
}
