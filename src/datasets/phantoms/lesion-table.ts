// The phantoms as a clinic would have them in a table: who, where, ten measurements, diagnosis, size.

import { type Column, makeTable, type Table } from "../../base/index.ts";
import { type LesionPhantoms, lesionPhantoms, type PhantomOptions } from "./lesion-phantoms.ts";
import { type LesionMeasurements, measureLesion } from "./measure-lesion.ts";

/**
 * Draws and measures phantoms. Columns: patient_id, site ("A", "B"), the ten measurements of `measureLesion`,
 * diagnosis ("benign", "malignant"; the target of a classification) and diameter_mm (the true longest diameter;
 * the target of a regression).
 */
export function lesionTable(options: PhantomOptions = {}): Table {
  return tableOfLesions(lesionPhantoms(options));
}

/** The table of phantoms already opened; see `lesionTable`. */
export function tableOfLesions(phantoms: LesionPhantoms): Table {
  const patients: string[] = [];
  const sites: string[] = [];
  const diagnoses: string[] = [];
  const diameters: number[] = [];
  const measured: LesionMeasurements[] = [];
  for (const lesion of phantoms) {
    patients.push(lesion.patientId);
    sites.push(lesion.site);
    diagnoses.push(lesion.diagnosis);
    diameters.push(lesion.diameterMm);
    measured.push(measureLesion(lesion));
  }
  const names = Object.keys(measured[0]) as (keyof LesionMeasurements)[];
  return makeTable([
    text("patient_id", patients),
    text("site", sites),
    ...names.map((name) =>
      numbers(
        name,
        measured.map((row) => row[name]),
      ),
    ),
    text("diagnosis", diagnoses),
    numbers("diameter_mm", diameters),
  ]);
}

function text(name: string, values: readonly string[]): Column {
  return { kind: "text", name, values };
}

function numbers(name: string, values: readonly number[]): Column {
  return { kind: "number", name, values: Float64Array.from(values) };
}
