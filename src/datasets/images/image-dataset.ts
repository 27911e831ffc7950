// Images and what is to be learnt of each, as plain data: what every reader of a layout gives and every task takes.

import type { Column } from "../../base/index.ts";

/** What is to be learnt. */
export type ImageTarget =
  /** One of several classes; `ordered` where they are grades, from the least to the most. */
  | {
      readonly kind: "classes";
      readonly name: string;
      readonly classes: readonly string[];
      readonly ordered: boolean;
    }
  /** Any of several findings. */
  | { readonly kind: "labels"; readonly name: string; readonly labels: readonly string[] }
  /** A measurement. */
  | { readonly kind: "number"; readonly name: string; readonly unit?: string };

export type ImageSide = "train" | "validation" | "test";

/** One image to learn from or to judge on. */
export interface ImageSample {
  /** Path of the file, or of a folder that holds one DICOM series. */
  readonly path: string;
  /** As people know it: relative to the data set, with the frame if there are several. */
  readonly name: string;
  /** Which frame, slice or row of the file, from 0; left out where the file is the sample. */
  readonly frame?: number;
  /**
   * Class number for "classes", the number for "number"; of "labels" a value a label: 1 found, 0 not found, NaN unknown.
   */
  readonly target: number | readonly number[];
  /** Samples of one patient stay on one side of a split. */
  readonly patient?: string;
  /** The side that the data set itself says. */
  readonly side?: ImageSide;
  /** Part of the image to look at, in pixels: left, top, right, bottom; the latter two are outside. */
  readonly region?: readonly [number, number, number, number];
  /** 1 where it is left out. */
  readonly weight?: number;
  /** Of a file of arrays, the one whose row `frame` is the image. */
  readonly array?: string;
  /** Images in which the finding is marked, for judging explanations; never an input. */
  readonly masks?: readonly string[];
}

/** Something about the data that the user should know: listed before training and in the report. */
export interface DatasetProblem {
  readonly kind:
    | "unreadable"
    | "without-label"
    | "without-file"
    | "empty-class"
    | "ambiguous-classes"
    | "mixed-channels"
    | "mixed-sizes"
    | "not-an-image"
    | "repeated";
  /** One sentence. */
  readonly message: string;
  /** Files or names that are meant, at most the first hundred. */
  readonly subjects: readonly string[];
  readonly count: number;
}

export interface ImageDataset {
  /** The folder or file that was read. */
  readonly path: string;
  /** How the labels were found: a folder a class, a table, arrays. */
  readonly layout: "folders" | "manifest" | "arrays";
  readonly target: ImageTarget;
  readonly samples: readonly ImageSample[];
  /** What else is known of each sample, for subgroups: a value a sample in each column. */
  readonly columns: readonly Column[];
  readonly problems: readonly DatasetProblem[];
  /** What was taken for granted, as sentences. */
  readonly notes: readonly string[];
}

/**
 * How an image becomes the input of a network; the same in training and use, in Node and browser. Serialises as JSON.
 */
export interface ImagePreparation {
  /** [height, width] or [depth, height, width]. */
  readonly size: readonly number[];
  /** 1 grey, 3 red, green, blue; of slabs the number of neighbouring slices. */
  readonly channels: number;
  /** Stretched to the size, or shrunk with its proportions and padded with its darkest value. */
  readonly fit: "stretch" | "pad";
  /**
   * What becomes 0 and 1: the range of the file's type, the window that a DICOM file states (else percentiles), fixed values
   * such as Hounsfield units, or percentiles of the image.
   */
  readonly intensity:
    | { readonly kind: "type-range" }
    | { readonly kind: "stated-window" }
    | { readonly kind: "window"; readonly low: number; readonly high: number }
    | { readonly kind: "percentiles"; readonly low: number; readonly high: number };
}
