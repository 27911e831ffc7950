// The tissues of the head and how magnetic resonance sees them.

/** Relaxation at 3 tesla and the share of protons that give signal. */
export interface MrTissue {
  readonly label: number;
  readonly t1Ms: number;
  readonly t2Ms: number;
  readonly protons: number;
}

/**
 * Grey and white matter: Wansapura et al., "NMR relaxation times in the human brain at 3.0 tesla", J Magn Reson Imaging 9
 * (1999); fat, muscle, marrow: Stanisz et al., "T1, T2 relaxation and magnetization transfer in tissue at 3T", Magn Reson
 * Med 54 (2005), and de Bazelaire et al., Radiology 230 (2004); fluid, lesions: ranges of Bojorquez et al., "What are normal
 * relaxation times of tissues at 3 T?", Magn Reson Imaging 35 (2017).
 */
export const MR_TISSUES = {
  "cerebrospinal fluid": { label: 1, t1Ms: 4000, t2Ms: 1800, protons: 1 },
  "grey matter": { label: 2, t1Ms: 1331, t2Ms: 110, protons: 0.83 },
  "white matter": { label: 3, t1Ms: 832, t2Ms: 80, protons: 0.7 },
  "deep grey matter": { label: 4, t1Ms: 1180, t2Ms: 92, protons: 0.8 },
  ventricles: { label: 5, t1Ms: 4000, t2Ms: 1800, protons: 1 },
  cerebellum: { label: 6, t1Ms: 1250, t2Ms: 100, protons: 0.82 },
  brainstem: { label: 7, t1Ms: 900, t2Ms: 80, protons: 0.72 },
  skull: { label: 8, t1Ms: 1000, t2Ms: 2, protons: 0.07 },
  marrow: { label: 9, t1Ms: 550, t2Ms: 60, protons: 0.45 },
  "fat of the scalp": { label: 10, t1Ms: 382, t2Ms: 90, protons: 0.85 },
  muscle: { label: 11, t1Ms: 1410, t2Ms: 45, protons: 0.75 },
  eyes: { label: 12, t1Ms: 4000, t2Ms: 1500, protons: 1 },
  oedema: { label: 13, t1Ms: 1500, t2Ms: 170, protons: 0.86 },
  necrosis: { label: 14, t1Ms: 2800, t2Ms: 500, protons: 0.93 },
} as const satisfies Record<string, MrTissue>;

/** What findings consist of; their labels begin at `FINDING_LABEL`. */
export const FINDING_TISSUES = {
  /** A plaque of demyelination. */
  lesion: { t1Ms: 1500, t2Ms: 190, protons: 0.84 },
  /** Tumour that has taken up gadolinium. */
  tumour: { t1Ms: 480, t2Ms: 120, protons: 0.85 },
} as const;

export const FINDING_LABEL = 32;
