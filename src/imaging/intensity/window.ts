// Windowing: a range of values spread over an output range, by DICOM's VOI LUT functions (PS3.3 C.11.2.1).

import {
  checkParameters,
  type Image,
  number,
  type OptionsOf,
  oneOf,
  parameters,
  portableExp,
  RoentgenError,
  rules,
  type SettingsOf,
} from "../../base/index.ts";
import type { TransformKind } from "../transform.ts";
import { mapChannels } from "./channels.ts";
import { type CtWindow, ctWindows, type Window } from "./ct-windows.ts";
import { fillMapped } from "./fill-mapped.ts";
import { type Line, lineBetween, mapLinear } from "./linear-map.ts";

const presets = Object.keys(ctWindows) as [CtWindow, ...CtWindow[]];

export const windowParameters = parameters({
  /** A named window of CT, for values in HU. */
  preset: oneOf(...presets).optional(),
  /** Centre and width, as DICOM's Window Center and Window Width … */
  level: number().optional(),
  width: number({ above: 0 }).optional(),
  /** … or the values that become the ends of the output. */
  lower: number().optional(),
  upper: number().optional(),
  /** How level and width are meant: PS3.3 C.11.2.1.2.1 LINEAR, C.11.2.1.3 SIGMOID and LINEAR_EXACT. */
  function: oneOf("linear", "linear-exact", "sigmoid").default("linear"),
  /** What the lowest and the highest value become. */
  output: rules.tuple([number(), number()]).default([0, 1]),
});

export type WindowOptions = OptionsOf<typeof windowParameters>;
type Settings = SettingsOf<typeof windowParameters>;

/**
 * Spreads a window over `output` (0 … 1); what lies outside takes its ends. The window is a CT preset,
 * level and width, or lower and upper.
 * @throws RoentgenError "bad-option" where it is none of these, or several
 */
export function windowImage(image: Image, options: WindowOptions): Image {
  const settings = checkParameters(windowParameters, options, "window");
  const { lower, upper } = settings;
  if (lower !== undefined && upper !== undefined && onlyOne(settings)) {
    if (upper <= lower) refuse(`${lower} … ${upper}`);
    return mapLinear(image, false, [clamped([lower, upper], settings.output)]);
  }
  const window = windowOf(settings);
  if (settings.function === "sigmoid") return sigmoid(image, window, settings.output);
  return mapLinear(image, false, [lineOf(window, settings)]);
}

function windowOf(settings: Settings): Window {
  const { preset, level, width, lower, upper } = settings;
  const bounds = lower !== undefined || upper !== undefined;
  if (preset && level === undefined && width === undefined && !bounds) return ctWindows[preset];
  if (level === undefined || width === undefined || !onlyOne(settings)) return refuse();
  if (settings.function === "linear" && width < 1) return refuse(`a width of ${width}`);
  return { level, width };
}

function onlyOne({ preset, level, width, lower, upper }: Settings): boolean {
  const kinds = [preset, level ?? width, lower ?? upper];
  return kinds.filter((given) => given !== undefined).length === 1;
}

function refuse(found?: string): never {
  throw new RoentgenError("bad-option", {
    problem: "The window is not clear",
    expected:
      "either a preset, or level and width (at least 1 for the linear function), or lower and upper (lower first)",
    found,
  });
}

/** PS3.3 C.11.2.1.2.1: from c − 0.5 − (w − 1)/2 to c − 0.5 + (w − 1)/2; exact: from c − w/2 to c + w/2. */
function lineOf({ level, width }: Window, { function: form, output }: Settings): Line {
  const middle = form === "linear" ? level - 0.5 : level;
  const half = form === "linear" ? (width - 1) / 2 : width / 2;
  if (half === 0) return step(middle, output);
  return clamped([middle - half, middle + half], output);
}

/** A window of width 1 parts values at its middle: up to there low, above high. */
function step(middle: number, output: readonly [number, number]): Line {
  return { ...clamped([middle, middle], output), divide: Number.MIN_VALUE };
}

function clamped(from: readonly [number, number], to: readonly [number, number]): Line {
  return { ...lineBetween(from, to), low: Math.min(...to), high: Math.max(...to) };
}

/** PS3.3 C.11.2.1.3.1: y = range / (1 + exp(−4 (x − c) / w)) + low. */
function sigmoid(image: Image, { level, width }: Window, [low, high]: readonly [number, number]) {
  return mapChannels(image, { channelWise: false }, (values, into) =>
    fillMapped(
      values,
      into,
      (value) => (high - low) / (1 + portableExp((-4 * (value - level)) / width)) + low,
    ),
  );
}

export const windowKind: TransformKind<typeof windowParameters> = {
  name: "window",
  title:
    "Spreads a window of values (a CT preset, level and width, or bounds) over an output range.",
  parameters: windowParameters,
  apply: (image, settings) => ({ image: windowImage(image, settings) }),
};
