// The factor and shift from stored numbers to values, of NIfTI (nifti1.h, "DATA SCALING") and of SPM's Analyze.

import { damaged } from "../damage.ts";
import type { AnalyzeFields, NiftiFields } from "./header.ts";

/** value = slope · stored + inter. */
export interface Scale {
  readonly slope: number;
  readonly inter: number;
}

/**
 * The scale of a NIfTI file; undefined where values are what is stored: a slope of 0, not finite, or 1
 * with a shift of 0.
 * @throws RoentgenError "file-corrupt" for a shift that is no number
 */
export function niftiScale(fields: NiftiFields, name: string): Scale | undefined {
  const { scl_slope: slope, scl_inter: inter } = fields;
  if (slope === 0 || !Number.isFinite(slope)) return undefined;
  if (!Number.isFinite(inter)) {
    throw damaged(name, { expected: "a number for scl_inter", found: `${inter}` });
  }
  return changes({ slope, inter });
}

/**
 * The scale that SPM 2 reads from an Analyze file (spm_vol_ana.m): funused1 and funused2, else from the
 * range of the stored numbers (glmin, glmax) to that of the values (cal_min, cal_max).
 */
export function analyzeScale(fields: AnalyzeFields): Scale | undefined {
  const { funused1, funused2, glmax, glmin, cal_max, cal_min } = fields;
  if (funused1 !== 0 && Number.isFinite(funused1)) {
    return changes({ slope: funused1, inter: Number.isFinite(funused2) ? funused2 : 0 });
  }
  const slope = Math.fround(cal_max - cal_min) / (glmax - glmin);
  if (!Number.isFinite(slope) || slope === 0) return undefined;
  return changes({ slope, inter: cal_min - slope * glmin });
}

function changes(scale: Scale): Scale | undefined {
  return scale.slope === 1 && scale.inter === 0 ? undefined : scale;
}
