// Ultrasound frames that are drawn, not taken: a breast by a linear probe, a liver by a convex one.

import {
  checkParameters,
  integer,
  makeImage,
  type OptionsOf,
  oneOf,
  type PixelGeometry,
  parameters,
  randomStream,
  type SettingsOf,
} from "../../../base/index.ts";
import { type Canvas, makeCanvas } from "../volumes/canvas.ts";
import { drawScanPatient } from "../volumes/draw.ts";
import { type DrawnList, drawnList } from "../volumes/drawn-list.ts";
import { findingsIn } from "../volumes/findings.ts";
import type { PhantomScan, ScanPatient } from "../volumes/scan.ts";
import { type EchoMap, type Probe, soundLines } from "./beams.ts";
import { lineAndSample, toPicture } from "./scan-conversion.ts";
import {
  drawUltrasoundDiagnosis,
  paintBreast,
  paintLiver,
  type Scene,
  ULTRASOUND_MODEL,
  type UltrasoundDiagnosis,
} from "./scenes.ts";
import { ECHO_TISSUES, FINDING_LABEL } from "./tissues.ts";

export const ultrasoundPhantomParameters = parameters({
  count: integer({ min: 1, max: 1_000_000 }).default(100),
  seed: integer({ min: 0 }).default(0),
  /** "linear": a breast, 10 MHz, 44 mm deep; "convex": a liver, 3.5 MHz, 150 mm deep. */
  probe: oneOf("linear", "convex").default("linear"),
  /** Pixels along each side. */
  size: integer({ min: 32, max: 1024 }).default(256),
});

export type UltrasoundPhantomOptions = OptionsOf<typeof ultrasoundPhantomParameters>;
export type UltrasoundScan = PhantomScan<PixelGeometry, UltrasoundDiagnosis>;

type Settings = SettingsOf<typeof ultrasoundPhantomParameters>;

/**
 * One frame of one patient each, 8 bit, black outside what the probe sees. Sound that is lost, or not, before it gets
 * there gives shadows behind lime and dense tissue and brightness behind cysts. See `ULTRASOUND_MODEL` and
 * `ECHO_TISSUES` for the distributions.
 */
export function ultrasoundPhantoms(
  options: UltrasoundPhantomOptions = {},
): DrawnList<UltrasoundScan> {
  const settings = checkParameters(ultrasoundPhantomParameters, options, "ultrasound phantom");
  return drawnList(settings.count, (index) => drawFrame(settings, index));
}

function drawFrame(settings: Settings, index: number): UltrasoundScan {
  const { seed, probe: kind, size } = settings;
  const random = randomStream({ seed, purpose: `phantom/ultrasound/${kind}`, sample: index });
  const drawn = drawScanPatient(index, random);
  const patient: ScanPatient = kind === "linear" ? { ...drawn, sex: "F" } : drawn;
  const diagnosis = drawUltrasoundDiagnosis(random);
  const site = ULTRASOUND_MODEL.sites[patient.site];
  const probe = probeOf(settings, site.noiseDb);
  const spacingMm = fieldMm(probe) / size;
  const canvas = makeCanvas(
    [size, size, 1],
    [spacingMm, spacingMm, 1],
    [0, fieldMm(probe) / 2 - topMm(probe), 0],
  );
  const paintScene = kind === "linear" ? paintBreast : paintLiver;
  const scene = paintScene(canvas, diagnosis, probe.depthMm, random);
  const decibels = soundLines(echoMap(canvas, scene), probe, random);
  const place = (i: number, j: number): [number, number] => [
    canvas.origin[0] + i * spacingMm,
    canvas.origin[1] + j * spacingMm,
  ];
  const geometry: PixelGeometry = {
    frame: "pixels",
    size: [size, size, 1],
    spacing: [spacingMm, spacingMm, 1],
  };
  const seen = canvas.labels.map((label, at) =>
    lineAndSample(probe, ...place(at % size, Math.floor(at / size))) ? label : 0,
  );
  const mask = makeImage({ geometry, data: seen });
  const { lesion } = scene;
  return {
    index,
    modality: "US",
    patient,
    diagnosis,
    image: makeImage({ geometry, data: toPicture(decibels, probe, place, size, site.gainDb) }),
    mask,
    structures: {
      ...Object.fromEntries(Object.entries(ECHO_TISSUES).map(([name, { label }]) => [name, label])),
      ...(lesion && { [lesion.finding.kind]: FINDING_LABEL }),
    },
    findings: findingsIn(mask, lesion ? [lesion.finding] : []),
    acquisition: {
      TransducerFrequency: 1000 * probe.megahertz,
      TransducerType: kind.toUpperCase(),
    },
  };
}

function probeOf({ probe: kind, size }: Settings, noiseDb: number): Probe {
  const samples = 2 * size;
  if (kind === "linear") {
    return {
      kind,
      megahertz: 10,
      depthMm: 44,
      lines: size,
      samples,
      widthMm: 44,
      radiusMm: 0,
      halfAngleRad: 0,
      focusMm: 20,
      noiseDb,
    };
  }
  return {
    kind,
    megahertz: 3.5,
    depthMm: 150,
    lines: Math.max(96, size),
    samples,
    widthMm: 0,
    radiusMm: 55,
    halfAngleRad: 0.56,
    focusMm: 80,
    noiseDb,
  };
}

/** Side of the square picture. */
function fieldMm({ kind, depthMm, radiusMm, halfAngleRad }: Probe): number {
  return kind === "linear"
    ? depthMm
    : Math.max(depthMm + 12, 2.04 * (radiusMm + depthMm) * Math.sin(halfAngleRad));
}

/** How far the picture reaches above the middle of the probe's face. */
function topMm({ kind }: Probe): number {
  return kind === "linear" ? 0 : 9;
}

/** Looks up tissue at the nearest pixel; below and beside the canvas its border goes on. */
function echoMap(
  { labels, size, spacing, origin }: Canvas,
  { lesion, coarse, fine }: Scene,
): EchoMap {
  const echo = new Float32Array(64);
  const loss = new Float32Array(64).fill(0.6);
  const impedance = new Float32Array(64).fill(1.6);
  const known = [
    ...Object.values(ECHO_TISSUES),
    ...(lesion ? [{ label: FINDING_LABEL, ...lesion.tissue }] : []),
  ];
  for (const tissue of known) {
    echo[tissue.label] = tissue.echoDb;
    loss[tissue.label] = tissue.lossDb;
    impedance[tissue.label] = tissue.impedance;
  }
  const indexAt = (x: number, y: number) => {
    const i = Math.max(0, Math.min(size[0] - 1, Math.round((x - origin[0]) / spacing[0])));
    const j = Math.max(0, Math.min(size[1] - 1, Math.round((y - origin[1]) / spacing[1])));
    return j * size[0] + i;
  };
  return {
    echoDb: (x, y) => {
      const at = indexAt(x, y);
      return echo[labels[at]] + 1.6 * coarse[at] + 1.3 * fine[at];
    },
    lossDb: (x, y) => loss[labels[indexAt(x, y)]],
    impedance: (x, y) => impedance[labels[indexAt(x, y)]],
  };
}
