// What stored values stand for where a rescale does not say it: dose (PS3.3 C.8.8.3.2), and real-world values of
// parametric maps (C.7.6.16.2.11).

import { RoentgenError } from "../../../base/index.ts";
import type { DataSet } from "../data-set/data-set.ts";
import { number, numbers, sequence, text } from "../data-set/values.ts";
import type { Modality } from "../pixels/modality.ts";

const PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30";

/**
 * The line from stored values to a quantity: Gy of RT dose, the mapped quantity of parametric maps. Undefined of other
 * objects, whose rescale says it.
 * @throws RoentgenError "value-missing" for a dose without scaling, "format-unsupported" for a mapping by a table
 */
export function statedQuantity(view: DataSet): Modality | undefined {
  if (text(view, "Modality") === "RTDOSE") return doseOf(view);
  if (text(view, "SOPClassUID") !== PARAMETRIC_MAP) return undefined;
  const [mapping] = sequence(view, "RealWorldValueMappingSequence");
  return mapping && realWorldLine(mapping);
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

function realWorldLine(mapping: DataSet): Modality | undefined {
  const slope = number(mapping, "RealWorldValueSlope");
  const intercept = number(mapping, "RealWorldValueIntercept");
  const unit = unitOf(mapping);
  if (slope !== undefined && intercept !== undefined) {
    return { kind: "linear", slope, intercept, ...(unit !== undefined && { unit }) };
  }
  if (numbers(mapping, "RealWorldValueLUTData").length === 0) return undefined;
  throw new RoentgenError("format-unsupported", {
    problem: "The parametric map gives its values by a table",
    expected: "Real World Value Slope and Intercept",
    found: "Real World Value LUT Data (0040,9212)",
    subject: "RealWorldValueLUTData",
  });
}

/** The UCUM code; "1" says that there is no unit. */
function unitOf(mapping: DataSet): string | undefined {
  const [units] = sequence(mapping, "MeasurementUnitsCodeSequence");
  const code = units && text(units, "CodeValue");
  return code === "1" ? undefined : code;
}
