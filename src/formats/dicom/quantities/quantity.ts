// What stored values stand for where a rescale does not say it: dose (PS3.3 C.8.8.3.2), and real-world values of
// parametric maps (C.7.6.16.2.11).

import { RoentgenError } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence, text } from "../data-set/values.ts";
import type { Modality } from "../pixels/modality.ts";

const PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30";

/**
 * The way from stored values to a quantity: Gy of RT dose, the mapped quantity of parametric maps. Undefined of other
 * objects, whose rescale says it.
 * @throws RoentgenError "value-missing" for a dose without scaling, "value-invalid" for a table that does not fit
 */
export function statedQuantity(view: DataSet): Modality | undefined {
  if (text(view, "Modality") === "RTDOSE") return doseOf(view);
  if (text(view, "SOPClassUID") !== PARAMETRIC_MAP) return undefined;
  const [mapping] = sequence(view, "RealWorldValueMappingSequence");
  return mapping && realWorldValues(mapping);
}

function doseOf(view: DataSet): Modality {
  const slope = number(view, "DoseGridScaling");
  if (!(slope && Number.isFinite(slope))) {
    throw new RoentgenError("value-missing", {
      problem: "The dose has no scale",
      expected: "Dose Grid Scaling (3004,000E)",
      found: slope === undefined ? "none" : `${slope}`,
      subject: "DoseGridScaling",
    });
  }
  const unit = text(view, "DoseUnits") === "GY" ? { unit: "Gy" } : {};
  return { kind: "linear", slope, intercept: 0, ...unit };
}

/** By slope and intercept, or by a table of the stored values from the first mapped to the last (C.7.6.16.2.11.1). */
function realWorldValues(mapping: DataSet): Modality | undefined {
  const slope = number(mapping, "RealWorldValueSlope");
  const intercept = number(mapping, "RealWorldValueIntercept");
  const unit = unitOf(mapping);
  const stated = unit === undefined ? {} : { unit };
  if (slope !== undefined && intercept !== undefined) {
    return { kind: "linear", slope, intercept, ...stated };
  }
  const values = Float64Array.from(numbers(mapping, "RealWorldValueLUTData"));
  if (values.length === 0) return undefined;
  const first = number(mapping, "RealWorldValueFirstValueMapped");
  const last = number(mapping, "RealWorldValueLastValueMapped");
  if (first !== undefined && last !== undefined && last - first + 1 === values.length) {
    return { kind: "real-world table", first, values, ...stated };
  }
  throw new RoentgenError("value-invalid", {
    problem: "The parametric map's table of values does not fit",
    expected: "an entry for each value from the first mapped (0040,9216) to the last (0040,9211)",
    found: `${values.length} entries for ${first ?? "no first"} to ${last ?? "no last"}`,
    subject: "RealWorldValueLUTData",
  });
}

/** The UCUM code; "1" says that there is no unit. */
function unitOf(mapping: DataSet): string | undefined {
  const [units] = sequence(mapping, "MeasurementUnitsCodeSequence");
  const code = units && text(units, "CodeValue");
  return code === "1" ? undefined : code;
}
