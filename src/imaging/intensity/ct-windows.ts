// Named CT display windows, level and width in HU, as radiology teaches them.

/** A display window: centre and width of the values that are told apart. */
export interface Window {
  readonly level: number;
  readonly width: number;
}

/**
 * Windows of CT in HU. lung, mediastinum, abdomen, liver, bone, brain, subdural, stroke, temporal-bone:
 * Radiopaedia "Windowing (CT)" (Murphy, Feger et al., https://radiopaedia.org/articles/windowing-ct), which gives
 * chest: lungs W1500 L−600, mediastinum W350 L50; abdomen: soft tissues W400 L50, liver W150 L30; bone W1800 L400;
 * head and neck: brain W80 L40, subdural W130–300 L50–100, stroke W8 L32 or W40 L40, temporal bones W2800 L600.
 */
export const ctWindows = {
  lung: { level: -600, width: 1500 },
  mediastinum: { level: 50, width: 350 },
  abdomen: { level: 50, width: 400 },
  liver: { level: 30, width: 150 },
  bone: { level: 400, width: 1800 },
  brain: { level: 40, width: 80 },
  subdural: { level: 75, width: 215 },
  stroke: { level: 40, width: 40 },
  "temporal-bone": { level: 600, width: 2800 },
} as const satisfies Record<string, Window>;

export type CtWindow = keyof typeof ctWindows;
