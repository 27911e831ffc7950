// A transform is a value: a name and parameters that serialise, replay the same anywhere and, where it
// moves voxels, can be inverted for predictions.

import type {
  Affine,
  Geometry,
  Image,
  OptionsOf,
  Parameters,
  RandomStream,
  SettingsOf,
  Triple,
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

/** What a transform is given beside the image and its settings. */
export interface TransformWork extends WorkOptions {
  /** The image's mask or label map, on the same grid, where there is one. */
  mask?: Image;
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
    work: TransformWork,
  ): Transformed | Promise<Transformed>;
  /**
   * Does the step again with what it found then, on another image of the grid before. Absent where
   * nothing is found. With an `interpolation` the image is a mask, and its labels stay labels.
   */
  replay?(
    image: Image,
    step: AppliedStep<SettingsOf<P>>,
    options: { interpolation?: Interpolation } & WorkOptions,
  ): Image | Promise<Image>;
  /** Takes an image on the grid after back to the grid before; only of transforms that move voxels. */
  invert?(
    image: Image,
    step: AppliedStep<SettingsOf<P>>,
    options: { interpolation: Interpolation; outside?: Outside } & WorkOptions,
  ): Image | Promise<Image>;
  /** How voxels move; only of transforms that move voxels, and what lets several share one resampling. */
  readonly moves?: VoxelMove<SettingsOf<P>>;
}

/** How a transform moves voxels: the grid after, and where its voxels lie in the grid before. */
export interface VoxelMove<Settings = unknown> {
  /**
   * "chooses": every voxel after is one before. "pads": it is one before or lies outside.
   * "interpolates": it may lie between voxels; such moves in a row share one resampling.
   */
  readonly effect: "chooses" | "pads" | "interpolates";
  /** What must be looked up in the image before the move is known: the box of its foreground. */
  find?(image: Image, settings: Settings, work: TransformWork): Json;
  map(before: Geometry, settings: Settings, found: Json | undefined): GridMap;
  /** How values are found between voxels and outside. */
  sampling(settings: Settings): Sampling;
  /** Standard deviations, in voxels, of the Gaussian that an image (not a mask) is smoothed by beforehand. */
  smoothing?(before: Geometry, settings: Settings): Triple | undefined;
}

/** A grid and the way from its indices to those of another grid, stage after stage. */
export interface GridMap {
  readonly geometry: Geometry;
  /** Applied in order to an index of `geometry`; the result is an index of the grid before. */
  readonly stages: readonly MapStage[];
}

/** One part of the way from index to index. */
export type MapStage = AffineStage | SplineStage;

/** An affine map of indices. */
interface AffineStage {
  readonly kind: "affine";
  readonly affine: Affine;
}

/**
 * A free-form deformation: q = p + u(p), u a uniform cubic B-spline over control points; or its inverse.
 * Rueckert et al., "Nonrigid registration using free-form deformations", IEEE TMI 18(8), 1999, eq. 3.
 */
export interface SplineStage {
  readonly kind: "spline" | "inverse-spline";
  /** Control points along i, j, k. Along an axis of one voxel there is one, and the field is constant. */
  readonly points: Triple;
  /** Voxels between control points along i, j, k; control point c lies at voxel (c − 1) · step. */
  readonly step: Triple;
  /** Displacements in voxels along i, j, k: `[3, points k, points j, points i]`. */
  readonly shifts: readonly number[];
}

/** What lies outside the voxels: one value, the nearest voxel's value, or the image mirrored about its outermost voxels. */
export type Outside = number | "edge" | "mirror";

/** How values are found where voxels of one grid fall between those of another. */
export interface Sampling {
  readonly interpolation: Interpolation;
  readonly outside: Outside;
}

/** A kind of random change: it draws, and leaves the doing to transforms whose parameters are then fixed. */
export interface RandomKind<P extends Parameters = Parameters> {
  /** As it is written in JSON: "random-affine". */
  readonly name: string;
  readonly title: string;
  readonly parameters: P;
  /** Whether the draw looks at voxels (of the image or its mask), not only at the grid. */
  readonly looks: boolean;
  draw(random: RandomStream, settings: SettingsOf<P>, subject: DrawSubject): TransformStep[];
}

/** What a draw may depend on. */
export interface DrawSubject {
  readonly geometry: Geometry;
  /** Present only for kinds that look. */
  readonly image?: Image;
  readonly mask?: Image;
}

/** A transform as it is asked for: a name and options, plain data. */
export type TransformStep<P extends Parameters = Parameters> = {
  readonly name: string;
} & OptionsOf<P>;
