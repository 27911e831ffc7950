// Scans with what is marked in them, as plain data: what readers of data sets for segmentation and detection give.

import type { Column } from "../../base/index.ts";
import type { DatasetProblem, ImageSide } from "../images/image-dataset.ts";

/** A mask of a case, on the grid of its images. */
export interface CaseMask {
  readonly path: string;
  /** The structure that every voxel other than 0 belongs to; left out where the mask's numbers are those of `structures`. */
  readonly structure?: string;
  /** Who drew it, where several readers did. */
  readonly reader?: string;
}

/** A place that is marked. */
export type CaseMark = {
  readonly finding: string;
  /** Who marked it, where several readers did. */
  readonly reader?: string;
} & (
  | {
      readonly kind: "box";
      /** In pixels of the image: left, top, right, bottom; the latter two are outside. */
      readonly box: readonly [number, number, number, number];
    }
  | {
      readonly kind: "sphere";
      /** In mm, LPS. */
      readonly centre: readonly [number, number, number];
      readonly diameterMm: number;
    }
);

/** One case: images on one grid, and what is marked in them. */
export interface ImageCase {
  /** As people know it. */
  readonly name: string;
  /** A path a channel, of files or of folders that hold one DICOM series each; a file may hold all channels. */
  readonly images: readonly string[];
  /** None where the case is not labelled (test sides of challenges). */
  readonly masks: readonly CaseMask[];
  /** None where nothing was found, or nobody looked: `marked` says which. */
  readonly marks: readonly CaseMark[];
  /** Whether somebody looked for marks in it. */
  readonly marked: boolean;
  /** Cases of one patient stay on one side of a split. */
  readonly patient?: string;
  /** The side that the data set itself says. */
  readonly side?: ImageSide;
}

/** What numbers in masks mean. */
export interface Structure {
  readonly value: number;
  readonly name: string;
}

export interface CaseDataset {
  /** The folder that was read. */
  readonly path: string;
  /** What is in each image of a case: "FLAIR", "T1w". */
  readonly channels: readonly string[];
  /** Values of masks but the background's 0; empty where there are no masks. */
  readonly structures: readonly Structure[];
  /** What marks can be; empty where there are none. */
  readonly findings: readonly string[];
  readonly cases: readonly ImageCase[];
  /** What else is known of each case, for subgroups: a value a case in each column. */
  readonly columns: readonly Column[];
  readonly problems: readonly DatasetProblem[];
  /** What was taken for granted, as sentences. */
  readonly notes: readonly string[];
}
