// The tissues of the head and what they give in magnetic resonance.

/** Times in ms at 1.5 and 3 T; proton density relative to water. */
interface HeadTissue {
  readonly label: number;
  readonly protonDensity: number;
  readonly t1Ms: { readonly 1.5: number; readonly 3: number };
  readonly t2Ms: { readonly 1.5: number; readonly 3: number };
}

/**
 * Grey and white matter and muscle: Stanisz et al., "T1, T2 relaxation and magnetization transfer in tissue at 3 T",
 * Magnetic Resonance in Medicine 54 (2005), table 1. Fat and marrow: de Bazelaire et al., Radiology 230 (2004). CSF: Rooney et
 * al., Magnetic Resonance in Medicine 57 (2007). Deep grey matter between grey and white, T2 shortened by iron: Gelman et al.,
 * Magnetic Resonance in Medicine 45 (2001). Proton densities: Kwan, Evans, Pike (BrainWeb), IEEE TMI 18 (1999). Lesions, tumour and
 * oedema: in the range of Larsson et al., Magnetic Resonance in Medicine 7 (1988), at 1.5 T; somewhat longer T1 at 3 T.
 */
export const HEAD_TISSUES = {
  CSF: tissue(1, 1, [4300, 4300], [2000, 2000]),
  "grey matter": tissue(2, 0.86, [1124, 1820], [95, 99]),
  "white matter": tissue(3, 0.77, [884, 1084], [72, 69]),
  "deep grey matter": tissue(4, 0.83, [1010, 1400], [80, 76]),
  ventricles: tissue(5, 1, [4300, 4300], [2000, 2000]),
  brainstem: tissue(6, 0.78, [920, 1160], [76, 73]),
  "cerebellar grey matter": tissue(7, 0.86, [1100, 1750], [94, 97]),
  "cerebellar white matter": tissue(8, 0.77, [884, 1084], [72, 69]),
  bone: tissue(9, 0.04, [300, 350], [1, 1]),
  marrow: tissue(10, 0.5, [549, 586], [49, 49]),
  fat: tissue(11, 0.9, [343, 382], [58, 68]),
  muscle: tissue(12, 0.85, [1008, 1412], [44, 50]),
  "vitreous body": tissue(13, 1, [4000, 4200], [1200, 1200]),
  lesion: tissue(32, 0.9, [1250, 1650], [150, 145]),
  tumour: tissue(33, 0.92, [1500, 1900], [140, 135]),
  necrosis: tissue(34, 0.98, [2400, 2800], [350, 340]),
  oedema: tissue(35, 0.9, [1250, 1600], [130, 125]),
} as const satisfies Record<string, HeadTissue>;

export type HeadTissueName = keyof typeof HEAD_TISSUES;
export type FieldStrength = 1.5 | 3;
export type MrContrast = "T1" | "T2" | "FLAIR";

function tissue(
  label: number,
  protonDensity: number,
  t1: readonly [number, number],
  t2: readonly [number, number],
): HeadTissue {
  const byField = ([low, high]: readonly [number, number]) => ({ 1.5: low, 3: high });
  return { label, protonDensity, t1Ms: byField(t1), t2Ms: byField(t2) };
}
