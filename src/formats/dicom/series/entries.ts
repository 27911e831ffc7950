// The entries of one series: its volumes and images, with what sets them apart and whether they are sound.

import { type ChannelAxis, dot, type Triple } from "../../../base/index.ts";
import { APART_NOTE, segmentationEntries } from "../segmentation/segmentation-entry.ts";
import { isSegmentation } from "../segmentation/segmentation-grid.ts";
import { slideEntries } from "../slide/slide-entry.ts";
import { channelAxisOf } from "./channel-axis.ts";
import type { DicomFrame, Traits } from "./dicom-frame.ts";
import { compareInstances } from "./divide.ts";
import type { PlacedFrame } from "./places.ts";
import { unplacedProblem, type VolumeProblem } from "./problems.ts";
import type { ScannedFile } from "./scan.ts";
import { firstFrame, type ImagesPlan, splitSeries, type VolumePlan } from "./split.ts";
import { stackGeometry } from "./stack-geometry.ts";
import { differingTraits } from "./traits-apart.ts";
import { norm, subtract } from "./vectors.ts";
import {
  type DicomEntry,
  type DicomImages,
  type DicomVolume,
  refOf,
  type SliceLayout,
} from "./volume-entry.ts";

/** The volumes, slides and images of files of one series. */
export function entriesOfSeries(all: readonly ScannedFile[]): DicomEntry[] {
  const { slides, others } = slideEntries(all);
  const found = others.map((file) => ({ file, entries: segmentationEntries(file) }));
  const segmentations = found.flatMap(({ entries }) => entries);
  const rest = found.flatMap(({ file, entries }) => (entries.length > 0 ? [] : [file]));
  return [...segmentations, ...imageEntries(rest), ...slides];
}

function imageEntries(files: readonly ScannedFile[]): (DicomVolume | DicomImages)[] {
  const byIndex = new Map(
    files.flatMap((file) =>
      file.description.frames.slice(0, 1).map(({ file: at }) => [at, file] as const),
    ),
  );
  const frames = files.flatMap(({ description }) => description.frames);
  if (frames.length === 0) return [];
  const { volumes, images } = splitSeries(frames);
  const first = [...volumes.map(firstFrame), ...images.map((plan) => plan.frames[0])];
  const differing = differingTraits(first.map(({ traits }) => traits));
  const apart = ({ traits }: DicomFrame) => differing(traits);
  return [
    ...volumes.map((plan) => volumeEntry(plan, { byIndex, apart })),
    ...images.map((plan) => imagesEntry(plan, { byIndex, apart })),
  ];
}

interface EntryContext {
  /** Files by the index that their frames know them by. */
  readonly byIndex: ReadonlyMap<number, ScannedFile>;
  readonly apart: (frame: DicomFrame) => Traits;
}

function volumeEntry(plan: VolumePlan, { byIndex, apart }: EntryContext): DicomVolume {
  const first = firstFrame(plan);
  const present = plan.entries.flatMap((entry) => entry.filter((frame) => frame !== undefined));
  const { files, indexOf, facts } = filesOf([...present, ...plan.surplus], byIndex);
  const planes = plan.entries[0].map((frame, at) => {
    return (frame ?? plan.entries.find((entry) => entry[at])?.[at])?.plane as PlacedFrame["plane"];
  });
  // Places ascend already: the stack's order is theirs.
  const layout = layoutOf(planes, plan.stack);
  const geometry = provenGeometry(plan, planes, first);
  const axis = channelAxisOf(plan);
  const diffusion = diffusionOf(plan);
  const problems: VolumeProblem[] = [...plan.problems];
  if (!geometry && planes.length === 1) {
    problems.push(unplacedProblem(["Slice Thickness (0018,0050), which a single slice needs,"]));
  }
  return {
    kind: "volume",
    ...facts,
    apart: apart(first),
    files,
    problems,
    size: [first.columns, first.rows, planes.length],
    channels: axis ? [axis.axis] : ([] as ChannelAxis[]),
    geometry,
    frames: plan.entries.map((entry) => entry.map((frame) => frame && refOf(frame, indexOf))),
    surplus: plan.surplus.map((frame) => ({
      frame: refOf(frame, indexOf),
      slice: nearestSlice(frame, planes),
    })),
    layout,
    ...(diffusion && { diffusion }),
    notes: [
      ...(axis?.note ? [axis.note] : []),
      ...(isSegmentation(facts.sopClass) ? [APART_NOTE] : []),
    ],
  };
}

/** Problems that leave the grid as it is: copies that were dropped, and stacks or slices that lack pixels only. */
const GEOMETRY_STANDS: ReadonlySet<VolumeProblem["kind"]> = new Set(["duplicate", "incomplete"]);

function provenGeometry(
  plan: VolumePlan,
  planes: readonly PlacedFrame["plane"][],
  first: PlacedFrame,
) {
  if (!plan.problems.every(({ kind }) => GEOMETRY_STANDS.has(kind))) return undefined;
  const { columns, rows, thicknessMm, spacingBetweenMm } = first;
  return stackGeometry(plan.stack, planes, {
    columns,
    rows,
    thicknessMm: thicknessMm ?? spacingBetweenMm,
  });
}

function layoutOf(
  planes: readonly PlacedFrame["plane"][],
  { normal, spacingMm }: VolumePlan["stack"],
): SliceLayout {
  const { row, column, position: origin, spacing } = planes[0];
  const offsets = planes.map(({ position }): Triple => {
    const way = subtract(position, origin);
    return [dot(way, row), dot(way, column), dot(way, normal)];
  });
  return { row, column, normal, origin, spacing, offsets, spacingMm };
}

function nearestSlice({ plane }: PlacedFrame, planes: readonly PlacedFrame["plane"][]): number {
  const distances = planes.map(({ position }) => norm(subtract(position, plane.position)));
  return distances.indexOf(Math.min(...distances));
}

/** Only of series in which some image is weighted: Philips writes b = 0 on every image. */
function diffusionOf({ entries }: VolumePlan): DicomVolume["diffusion"] {
  const first = entries.map((entry) => entry.find((frame) => frame !== undefined) as PlacedFrame);
  if (!first.some(({ bValue }) => bValue !== undefined && bValue > 0)) return undefined;
  return first.map(({ bValue = 0, gradient }) => (gradient ? { bValue, gradient } : { bValue }));
}

function imagesEntry(plan: ImagesPlan, { byIndex, apart }: EntryContext): DicomImages {
  const first = plan.frames.toSorted(compareInstances)[0];
  const { files, indexOf, facts } = filesOf(plan.frames, byIndex);
  const frames = new Array<number>(files.length).fill(0);
  for (const { file } of plan.frames) frames[indexOf(file)] += 1;
  return {
    kind: "images",
    ...facts,
    apart: apart(first),
    files,
    problems: first.missing.length > 0 ? [unplacedProblem(first.missing)] : [],
    size: [first.columns, first.rows],
    frames,
  };
}

/** The files of frames in the order in which the frames come, and each file's index in that list. */
function filesOf(frames: readonly DicomFrame[], byIndex: EntryContext["byIndex"]) {
  const indices = new Map<number, number>();
  const files: ScannedFile[] = [];
  for (const { file } of frames) {
    if (indices.has(file)) continue;
    indices.set(file, files.length);
    files.push(byIndex.get(file) as ScannedFile);
  }
  const { patient, study, series, sopClass, frameOfReference, references } = files[0].description;
  return {
    files: files.map(({ place }) => place),
    indexOf: (file: number) => indices.get(file) as number,
    facts: { patient, study, series, sopClass, frameOfReference, references },
  };
}
