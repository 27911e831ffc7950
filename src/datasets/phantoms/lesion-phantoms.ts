// Lesions on tissue that are drawn, not photographed: every picture comes with its truth.

import {
  checkParameters,
  integer,
  number,
  type OptionsOf,
  parameters,
  RoentgenError,
  randomStream,
} from "../../base/index.ts";
import {
  type Diagnosis,
  drawLesion,
  drawPatient,
  type Lesion,
  type Patient,
} from "./lesion-model.ts";
import { LONGEST_RADIUS_MM, longestDiameterMm, outlineOf } from "./outline.ts";
import { type Picture, renderLesion } from "./render-lesion.ts";

/** How many lesions to draw, and from which seed. */
export const phantomParameters = parameters({
  /** Patients with one to three lesions each; by default 300, or as many as `count` needs. */
  patients: integer({ min: 1, max: 1_000_000 }).optional(),
  /** Lesions; by default all of the patients. */
  count: integer({ min: 1, max: 3_000_000 }).optional(),
  seed: integer({ min: 0 }).default(0),
  /** Pixels along each side. */
  size: integer({ min: 16, max: 4096 }).default(64),
  /** Distance of neighbouring pixels in mm. */
  spacingMm: number({ above: 0 }).default(0.5),
});

/** Options of `lesionPhantoms`. */
export type PhantomOptions = OptionsOf<typeof phantomParameters>;

/** A picture of a lesion with its truth. */
export interface LesionCase extends Picture {
  readonly index: number;
  readonly patientId: string;
  readonly site: Patient["site"];
  readonly diagnosis: Diagnosis;
  /** Longest diameter of the true outline. */
  readonly diameterMm: number;
  /** Pixels along each side. */
  readonly size: number;
  readonly spacingMm: number;
  /** What the picture was drawn from. */
  readonly truth: Lesion;
  readonly patient: Patient;
}

/** Cases that are drawn when asked for. */
export interface LesionPhantoms extends Iterable<LesionCase> {
  readonly length: number;
  /** The case at a position; it depends on seed, size, spacing and position alone. */
  at(index: number): LesionCase;
}

/** How far a lesion off the middle may reach. */
const REACH_MM = LONGEST_RADIUS_MM + 1.5;

/**
 * Two-dimensional lesions: smooth, round and even (benign) or spiculated and heterogeneous (malignant), on tissue
 * with power-law texture, at two sites of different contrast and noise. See `LESION_MODEL` for every distribution.
 * @throws RoentgenError "bad-option" for a field of view under 31 mm
 */
export function lesionPhantoms(options: PhantomOptions = {}): LesionPhantoms {
  const { patients, count, seed, size, spacingMm } = checkParameters(
    phantomParameters,
    options,
    "lesion phantom",
  );
  checkFieldOfView(size * spacingMm);
  const places = placesOfCases(seed, patients, count);

  function at(index: number): LesionCase {
    const place = places[index];
    if (!place) {
      throw new RoentgenError("bad-option", {
        problem: `There is no phantom ${index}`,
        expected: `0 … ${places.length - 1}`,
        subject: "index",
      });
    }
    const random = randomStream({ seed, purpose: "phantom/lesion", sample: index });
    const truth = drawLesion(place, random);
    const outline = outlineOf(truth);
    const picture = renderLesion(place, truth, outline, { size, spacingMm }, random);
    return {
      index,
      patientId: place.id,
      site: place.site,
      diagnosis: truth.diagnosis,
      diameterMm: longestDiameterMm(outline),
      size,
      spacingMm,
      ...picture,
      truth,
      patient: place,
    };
  }

  return {
    length: places.length,
    at,
    *[Symbol.iterator]() {
      for (let index = 0; index < places.length; index++) yield at(index);
    },
  };
}

/** The patient of each case. Patients are drawn one after another, so the first cases stay the same. */
function placesOfCases(
  seed: number,
  patients: number | undefined,
  count = Number.POSITIVE_INFINITY,
): Patient[] {
  const most = patients ?? (count < Number.POSITIVE_INFINITY ? count : 300);
  const places: Patient[] = [];
  for (let index = 0; index < most && places.length < count; index++) {
    const patient = drawPatient(seed, index);
    for (let lesion = 0; lesion < patient.lesionCount && places.length < count; lesion++) {
      places.push(patient);
    }
  }
  if (count < Number.POSITIVE_INFINITY && places.length < count) {
    throw new RoentgenError("bad-option", {
      problem: `Cannot draw ${count} lesions of ${most} patients`,
      expected: `at most ${places.length}`,
      remedy: "Ask for more patients, or leave their number open.",
      subject: "count",
    });
  }
  return places;
}

function checkFieldOfView(fieldMm: number): void {
  if (fieldMm >= 2 * REACH_MM) return;
  throw new RoentgenError("bad-option", {
    problem: "The phantoms do not fit into the picture",
    expected: `a field of view of at least ${2 * REACH_MM} mm (size × spacingMm)`,
    found: `${fieldMm} mm`,
    subject: "spacingMm",
  });
}
