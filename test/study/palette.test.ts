import { describe, expect, it } from "vitest";
import { plotColours, plotGrounds } from "../../src/study/plots/palette.ts";

type Triple = [number, number, number];

/** Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of colour vision deficiency", 2009: severity 1. */
const deficiencies: Record<string, Triple[]> = {
  none: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** IEC 61966-2-1: sRGB to linear light. */
function linear(hex: string): Triple {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => dot([0.2126, 0.7152, 0.0722], linear(hex));
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function cielab(rgb: Triple): Triple {
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f(dot([0.4124, 0.3576, 0.1805], rgb) / 0.9505);
  const y = f(dot([0.2126, 0.7152, 0.0722], rgb));
  const z = f(dot([0.0193, 0.1192, 0.9505], rgb) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seen(hex: string, matrix: Triple[]): Triple {
  const rgb = linear(hex);
  return cielab(matrix.map((row) => Math.min(1, Math.max(0, dot(row, rgb)))) as Triple);
}

describe.each(["light", "dark"] as const)("colours of the %s theme", (theme) => {
  const colours = Object.entries(plotColours[theme]);
  const series = colours.filter(([name]) => /^--plot-\d$/.test(name));

  it("stand out from the page by 3:1 or more", () => {
    for (const [name, value] of colours) {
      expect(contrast(value, plotGrounds[theme]), name).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.entries(deficiencies))(
    "differ, any two, with vision deficiency: %s",
    (_, matrix) => {
      for (const [a, first] of series) {
        for (const [b, second] of series) {
          if (a >= b) continue;
          const [l, m] = [seen(first, matrix), seen(second, matrix)];
          expect(Math.hypot(l[0] - m[0], l[1] - m[1], l[2] - m[2]), `${a} ${b}`).toBeGreaterThan(
            10,
          );
        }
      }
    },
  );

  it("order levels from low to high by hue, with the middle nearly grey", () => {
    const [, , middle] = colours
      .filter(([name]) => name.startsWith("--plot-level"))
      .map(([, v]) => v);
    const [, a, b] = cielab(linear(middle));
    expect(Math.hypot(a, b)).toBeLessThan(12);
  });
});
