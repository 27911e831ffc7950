// A transform is a value: a name and parameters that serialise, replay the same anywhere and, where it
// moves voxels, can be inverted for predictions.

import type {
  Geometry,
  Image,
  OptionsOf,
  Parameters,
  SettingsOf,
  WorkOptions,
} from "../base/index.ts";

/** Plain data that survives JSON. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** How values between voxels are found: of masks and label maps "nearest" or "label". */
export type Interpolation = "nearest" | "linear" | "cubic" | "label";

/** What a transform gives: the image, and what it measured on the way ("mean", "box"), enough to replay or invert it. */
export interface Transformed {
  readonly image: Image;
  readonly found?: Json;
}

/** A transform as it was applied: everything that its inverse needs, as JSON. */
export interface AppliedStep<Settings = unknown> {
  readonly name: string;
  /** Complete, defaults filled in. */
  readonly settings: Settings;
  readonly before: Geometry;
  readonly after: Geometry;
  readonly found?: Json;
}

/** A kind of transform: its parameters' rules, and what it does. */
export interface TransformKind<P extends Parameters = Parameters> {
  /** As it is written in JSON: "resample", "z-score". */
  readonly name: string;
  /** One sentence for help and documentation. */
  readonly title: string;
  readonly parameters: P;
  apply(
    image: Image,
    settings: SettingsOf<P>,
    work: WorkOptions,
  ): Transformed | Promise<Transformed>;
  /** Takes an image on the grid after back to the grid before; only of transforms that move voxels. */
  invert?(
    image: Image,
    step: AppliedStep<SettingsOf<P>>,
    options: { interpolation: Interpolation } & WorkOptions,
  ): Image | Promise<Image>;
}

/** A transform as it is asked for: a name and options, plain data. */
export type TransformStep<P extends Parameters = Parameters> = {
  readonly name: string;
} & OptionsOf<P>;
