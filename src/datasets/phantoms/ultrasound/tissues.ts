// The tissues that ultrasound passes, and what they do to it.

export interface EchoTissue {
  readonly label: number;
  /** Strength of scattering against that of glandular tissue. */
  readonly echoDb: number;
  /** Loss a cm and MHz, one way. */
  readonly lossDb: number;
  /** Acoustic impedance, MRayl; steps of it reflect. */
  readonly impedance: number;
}

/**
 * Loss and impedance: Szabo, "Diagnostic Ultrasound Imaging: Inside Out", 2nd ed. (2014), appendix B, and Duck, "Physical
 * Properties of Tissue" (1990). Scattering as in pictures: fat darker than glands, fluid without echoes.
 */
export const ECHO_TISSUES = {
  skin: { label: 1, echoDb: 4, lossDb: 0.6, impedance: 1.68 },
  fat: { label: 2, echoDb: -15, lossDb: 0.6, impedance: 1.38 },
  gland: { label: 3, echoDb: 0, lossDb: 0.62, impedance: 1.58 },
  muscle: { label: 4, echoDb: -13, lossDb: 0.65, impedance: 1.68 },
  bone: { label: 5, echoDb: 3, lossDb: 8, impedance: 6 },
  lung: { label: 6, echoDb: -16, lossDb: 2.2, impedance: 0.3 },
  liver: { label: 7, echoDb: -5, lossDb: 0.58, impedance: 1.65 },
  vessels: { label: 8, echoDb: -42, lossDb: 0.3, impedance: 1.61 },
  "vessel walls": { label: 9, echoDb: 3, lossDb: 0.6, impedance: 1.7 },
  diaphragm: { label: 10, echoDb: 3, lossDb: 0.8, impedance: 1.8 },
  calcification: { label: 11, echoDb: 12, lossDb: 14, impedance: 4 },
  septa: { label: 12, echoDb: -3, lossDb: 0.6, impedance: 1.5 },
} as const satisfies Record<string, EchoTissue>;

/** What lesions do; their label is `FINDING_LABEL`. */
export const LESION_TISSUES = {
  cyst: { echoDb: -60, lossDb: 0.06, impedance: 1.52 },
  "benign solid": { echoDb: -11, lossDb: 0.55, impedance: 1.6 },
  malignant: { echoDb: -15, lossDb: 1.5, impedance: 1.66 },
  haemangioma: { echoDb: 6, lossDb: 0.5, impedance: 1.64 },
} as const satisfies Record<string, Omit<EchoTissue, "label">>;

export const FINDING_LABEL = 32;
