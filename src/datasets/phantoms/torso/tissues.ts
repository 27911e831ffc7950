// The tissues of the torso and what they measure in CT.

/** CT number of a tissue in HU, without contrast medium and some 70 s after it (portal venous phase). */
interface Tissue {
  readonly label: number;
  readonly plainHu: number;
  readonly venousHu: number;
}

/**
 * Labels and CT numbers at 120 kV, typical values as in Kalender, "Computed Tomography", 3rd ed. (2011), figure 1.5,
 * and Hounsfield's scale: air −1000, water 0. Enhancement after Heiken et al., "Intravenous contrast medium administration at
 * body CT: where we are", Radiology 282 (2017): liver and vessels 100 … 180 HU in the portal venous phase.
 */
export const TISSUES = {
  fat: { label: 1, plainHu: -100, venousHu: -98 },
  muscle: { label: 2, plainHu: 52, venousHu: 62 },
  "cortical bone": { label: 3, plainHu: 750, venousHu: 750 },
  "cancellous bone": { label: 4, plainHu: 180, venousHu: 195 },
  disc: { label: 5, plainHu: 85, venousHu: 90 },
  "spinal canal": { label: 6, plainHu: 25, venousHu: 30 },
  "right lung": { label: 7, plainHu: -840, venousHu: -835 },
  "left lung": { label: 8, plainHu: -840, venousHu: -835 },
  "lung vessels": { label: 9, plainHu: 20, venousHu: 70 },
  airways: { label: 10, plainHu: -980, venousHu: -980 },
  heart: { label: 11, plainHu: 42, venousHu: 125 },
  aorta: { label: 12, plainHu: 42, venousHu: 150 },
  veins: { label: 13, plainHu: 42, venousHu: 155 },
  liver: { label: 14, plainHu: 57, venousHu: 108 },
  gallbladder: { label: 15, plainHu: 10, venousHu: 10 },
  spleen: { label: 16, plainHu: 48, venousHu: 122 },
  "right kidney": { label: 17, plainHu: 32, venousHu: 185 },
  "left kidney": { label: 18, plainHu: 32, venousHu: 185 },
  pancreas: { label: 19, plainHu: 40, venousHu: 92 },
  stomach: { label: 20, plainHu: 22, venousHu: 24 },
  bowel: { label: 21, plainHu: 32, venousHu: 55 },
  gas: { label: 22, plainHu: -960, venousHu: -960 },
  table: { label: 23, plainHu: -150, venousHu: -150 },
} as const satisfies Record<string, Tissue>;

/** What findings are labelled, above all tissues. */
export const FINDING_LABEL = 32;

/** CT numbers by label; 0 is air. */
export function tissueHu(phase: "plain" | "venous"): Float32Array {
  const hu = new Float32Array(64).fill(-1000);
  for (const { label, plainHu, venousHu } of Object.values(TISSUES)) {
    hu[label] = phase === "plain" ? plainHu : venousHu;
  }
  return hu;
}

/** Names and labels of the tissues, as a scan's `structures` has them. */
export function tissueLabels(): Record<string, number> {
  return Object.fromEntries(Object.entries(TISSUES).map(([name, { label }]) => [name, label]));
}
