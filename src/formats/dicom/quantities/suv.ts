// Standardised uptake values by body weight: QIBA FDG-PET/CT profile, "Vendor-neutral pseudo-code for SUV calculation".

import { RoentgenError } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, sequence, text } from "../data-set/values.ts";
import { secondsOf, secondsOfDateTime } from "../series/date-time.ts";
import { privateNumbers } from "../series/private-elements.ts";

/** Private factors of Philips, for images in counts. */
const PHILIPS = { group: 0x7053, creator: "Philips PET Private Group" } as const;

const DAY_S = 86_400;

/**
 * What values of a PET image are multiplied by to give SUVbw in g/mL: weight over the dose injected, decayed to
 * the time that the image is corrected to.
 * @param header data set of an image of the series, its rescale applied to the values
 * @throws RoentgenError "value-missing" naming what the header lacks, "format-unsupported" for other units or decay
 *   corrections
 */
export function suvFactor(header: DataSet): number {
  const units = text(header, "Units");
  if (units === "GML") return 1;
  if (units === "CNTS") return factorOfCounts(header);
  if (units !== "BQML") throw unsupported("Units (0054,1001)", units);
  return factorOfActivity(header);
}

function factorOfCounts(header: DataSet): number {
  const [direct] = privateNumbers(header, { ...PHILIPS, element: 0x00 }, "text");
  if (direct > 0) return direct;
  const [activity] = privateNumbers(header, { ...PHILIPS, element: 0x09 }, "text");
  if (activity > 0) return activity * factorOfActivity(header);
  throw missing("Philips' SUV scale factor (7053,xx00), which counts need");
}

function factorOfActivity(header: DataSet): number {
  const weightKg = positive(number(header, "PatientWeight"), "Patient Weight (0010,1030)");
  const [drug] = sequence(header, "RadiopharmaceuticalInformationSequence");
  if (!drug) throw missing("Radiopharmaceutical Information (0054,0016)");
  const doseBq = positive(
    number(drug, "RadionuclideTotalDose"),
    "Radionuclide Total Dose (0018,1074)",
  );
  return (weightKg * 1000) / (doseBq * decay(header, drug));
}

/** The part of the dose that is left at the time that the image is corrected to. */
function decay(header: DataSet, drug: DataSet): number {
  const correction = text(header, "DecayCorrection");
  if (correction === "ADMIN") return 1;
  if (correction !== "START") throw unsupported("Decay Correction (0054,1102)", correction);
  const halfLifeS = positive(
    number(drug, "RadionuclideHalfLife"),
    "Radionuclide Half Life (0018,1075)",
  );
  const elapsedS = scanStart(header) - injection(header, drug);
  return 2 ** (-elapsedS / halfLifeS);
}

/**
 * The series' time, unless it was changed after the scan: then it lies after the acquisition, and the acquisition's
 * is taken.
 */
function scanStart(header: DataSet): number {
  const series = secondsOf(text(header, "SeriesDate"), text(header, "SeriesTime"));
  const acquired = secondsOf(text(header, "AcquisitionDate"), text(header, "AcquisitionTime"));
  if (series !== undefined && (acquired === undefined || series <= acquired)) return series;
  if (acquired !== undefined) return acquired;
  throw missing("Series or Acquisition Time");
}

function injection(header: DataSet, drug: DataSet): number {
  const whole = secondsOfDateTime(text(drug, "RadiopharmaceuticalStartDateTime"));
  if (whole !== undefined) return whole;
  const time = text(drug, "RadiopharmaceuticalStartTime");
  const day = text(header, "SeriesDate") ?? text(header, "AcquisitionDate");
  const sameDay = secondsOf(day, time);
  if (sameDay === undefined) throw missing("Radiopharmaceutical Start Time (0018,1072)");
  // A time alone that lies after the scan is that of the evening before.
  return sameDay > scanStart(header) ? sameDay - DAY_S : sameDay;
}

function positive(value: number | undefined, attribute: string): number {
  if (value !== undefined && value > 0) return value;
  throw missing(attribute);
}

function missing(attribute: string): RoentgenError {
  return new RoentgenError("value-missing", {
    problem: "Cannot give standardised uptake values",
    expected: attribute,
    found: "none",
    remedy: "Take the values as they are, or complete the header.",
    subject: attribute,
  });
}

function unsupported(attribute: string, found = "none"): RoentgenError {
  return new RoentgenError("format-unsupported", {
    problem: "Cannot give standardised uptake values",
    expected: `${attribute} that lead to them`,
    found,
    remedy: "Take the values as they are.",
    subject: attribute,
  });
}
