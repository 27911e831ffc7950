// A volume or a list of images as a listing shows it: what it is, whether its geometry is proven, and its frames.

import type { ChannelAxis, PatientGeometry, Triple } from "../../../base/index.ts";
import type { SlidePlace } from "../slide/slide-place.ts";
import type { PatientFacts, SeriesFacts, StudyFacts } from "./describe-file.ts";
import type { DicomFrame, Traits } from "./dicom-frame.ts";
import type { DicomPlace } from "./dicom-place.ts";
import type { VolumeProblem } from "./problems.ts";

/** Which frame of which of the entry's files; `tile` counts the slices of a Siemens mosaic. */
export interface FrameRef {
  /** Index in the entry's `files`. */
  readonly file: number;
  readonly frame: number;
  readonly tile?: number;
}

interface Entry {
  readonly patient: PatientFacts;
  readonly study: StudyFacts;
  readonly series: SeriesFacts;
  /** SOP Class UID. */
  readonly sopClass: string;
  /** Frame of Reference UID: what shares it is in one system of coordinates. */
  readonly frameOfReference: string | undefined;
  /** Series that it says it was made of or belongs to, by UID. */
  readonly references: readonly string[];
  /** What sets it apart from the other volumes of its series: { "echo time": 30 }; empty where it is the only one. */
  readonly apart: Traits;
  readonly files: readonly DicomPlace[];
  readonly problems: readonly VolumeProblem[];
}

/** Parallel slices whose place in the patient is known. */
export interface DicomVolume extends Entry {
  readonly kind: "volume";
  /** Columns, rows, slices. */
  readonly size: Triple;
  /** Time points, b-values and the like; empty for one stack. */
  readonly channels: readonly ChannelAxis[];
  /** Where it is proven: slices evenly spaced, one behind the other, none missing. */
  readonly geometry: PatientGeometry | undefined;
  /** [channel][slice], slices ascending along row × column; nothing where a slice is missing. */
  readonly frames: readonly (readonly (FrameRef | undefined)[])[];
  /** Slices on top of others, and which slice they lie on. */
  readonly surplus: readonly { readonly frame: FrameRef; readonly slice: number }[];
  readonly layout: SliceLayout;
  /** Of each channel: s/mm², and the gradient's unit vector in LPS. Only of diffusion-weighted images. */
  readonly diffusion?: readonly { readonly bValue: number; readonly gradient?: Triple }[];
  /** Of a segmentation: where each of its frames lies. */
  readonly segmentation?: readonly SegmentFrame[];
  /** How values of the channel axis were found, where the file does not simply say them. */
  readonly notes: readonly string[];
}

/** Where a frame of a segmentation goes in the whole. */
export interface SegmentFrame {
  readonly frame: number;
  /** Of the frame's first pixel. */
  readonly x: number;
  readonly y: number;
  readonly slice: number;
  /** The segment's number; 0 in a label map. */
  readonly segment: number;
}

/** Where the slices of a volume lie, even or not. */
export interface SliceLayout {
  readonly row: Triple;
  readonly column: Triple;
  /** Row × column. */
  readonly normal: Triple;
  /** Position of the first slice's first pixel. */
  readonly origin: Triple;
  /** mm along i and j. */
  readonly spacing: readonly [number, number];
  /** Of each slice, mm from the first: along the row, along the column, along the normal. */
  readonly offsets: readonly Triple[];
  /** Distance of slices where it is even, or would be but for gaps. */
  readonly spacingMm: number | undefined;
}

/** Images whose place in the patient is unknown: films, ultrasound, secondary captures. One a file. */
export interface DicomImages extends Entry {
  readonly kind: "images";
  /** Columns and rows. */
  readonly size: readonly [number, number];
  /** Frames of each file. */
  readonly frames: readonly number[];
}

/** One image of a slide under the microscope: a level of its pyramid, its label, or a segmentation of it. */
export interface DicomSlide extends Entry {
  readonly kind: "slide";
  /** Columns and rows of all tiles together. */
  readonly size: readonly [number, number];
  /** Columns and rows of a tile. */
  readonly tile: readonly [number, number];
  readonly tiles: number;
  /** mm along i and j. */
  readonly spacing?: readonly [number, number];
  /** Where its pixels lie on the slide; undefined where the file does not say. */
  readonly place?: SlidePlace;
}

export type DicomEntry = DicomVolume | DicomImages | DicomSlide;

/** A frame as the entry counts files. */
export function refOf(
  { file, frame, tile }: DicomFrame,
  indexOf: (file: number) => number,
): FrameRef {
  const ref = { file: indexOf(file), frame };
  return tile === undefined ? ref : { ...ref, tile };
}
