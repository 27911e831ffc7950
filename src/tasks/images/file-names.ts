// Names for the files of a listing: from series or paths, safe on any system, each once.

import type { DicomEntry } from "../../formats/index.ts";
import { entryName, type ScanEntry, type ScanListing } from "./scans.ts";

/** A name for every entry, without an ending; of several patients in a folder for each. */
export function fileNames({ path, entries, dicom }: ScanListing): Map<ScanEntry, string> {
  const manyPatients = dicom.patients.length > 1;
  const manyStudies = new Set(
    dicom.patients
      .filter(({ studies }) => studies.length > 1)
      .flatMap(({ studies }) => studies.map(({ uid }) => uid)),
  );
  const bySeries = seriesMembers(entries);
  const used = new Map<string, number>();
  const names = new Map<ScanEntry, string>();
  for (const entry of entries) {
    const name =
      entry.kind === "file"
        ? nameBelow(path, entry.path)
        : [
            ...(manyPatients ? [patientName(entry.dicom)] : []),
            ...(manyStudies.has(entry.dicom.study.uid) ? [studyName(entry.dicom)] : []),
            safe(seriesName(entry.dicom, bySeries.get(entry.dicom.series.uid) ?? [])),
          ].join("/");
    const times = used.get(name) ?? 0;
    used.set(name, times + 1);
    names.set(entry, times === 0 ? name : `${name}_${times + 1}`);
  }
  return names;
}

/** The images of each series by its UID. */
function seriesMembers(entries: readonly ScanEntry[]): Map<string, DicomEntry[]> {
  const members = new Map<string, DicomEntry[]>();
  for (const entry of entries) {
    if (entry.kind !== "dicom") continue;
    const { uid } = entry.dicom.series;
    const known = members.get(uid);
    if (known) known.push(entry.dicom);
    else members.set(uid, [entry.dicom]);
  }
  return members;
}

/** Number, description and as few traits as tell it from its siblings. */
function seriesName(entry: DicomEntry, all: readonly DicomEntry[]): string {
  const name = entryName({ series: entry.series, apart: {} });
  const parts: string[] = [];
  let left = all;
  for (const [trait, value] of Object.entries(entry.apart).sort(byUsefulness)) {
    const alike = left.filter(({ apart }) => apart[trait] === value);
    if (alike.length === left.length) continue;
    parts.push(typeof value === "number" ? `${trait}_${value}` : `${value}`);
    left = alike;
    if (left.length === 1) break;
  }
  return [name, ...parts].join("_");
}

/** Image types are long and say less than what they stand for. */
function byUsefulness([a]: [string, unknown], [b]: [string, unknown]): number {
  return Number(a === "image type") - Number(b === "image type");
}

function patientName({ patient }: DicomEntry): string {
  return safe(patient.id || patient.name || "patient");
}

function studyName({ study }: DicomEntry): string {
  return safe([study.date, study.description].filter(Boolean).join("_") || study.uid);
}

/** The path below the folder, without its ending. */
function nameBelow(folder: string, path: string): string {
  const below = path.startsWith(folder) ? path.slice(folder.length) : path;
  const parts = below.split(/[\\/]/).filter((part) => part && part !== "." && part !== "..");
  const name = parts.length > 0 ? parts : [path.split(/[\\/]/).at(-1) ?? "image"];
  const ending = /(\.(nii|hdr|img|gipl))?\.[^.]+$/i;
  return [...name.slice(0, -1), name[name.length - 1].replace(ending, "")].map(safe).join("/");
}

/** Letters, digits, dot, minus and underscore; anything else becomes an underscore. */
function safe(name: string): string {
  const kept = name
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}.=-]+/gu, "_")
    .replace(/^[._]+|_+$/g, "");
  return kept.slice(0, 100) || "image";
}
