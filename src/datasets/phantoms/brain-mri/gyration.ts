// Where sulci run: the zero lines of a random wave field on the hull of the brain, as folding by growth leaves them
// (Tallinen et al., "On the growth and form of cortical convolutions", Nature Physics 12, 2016: one wavelength everywhere).

import { portableCos, portableSin, type RandomStream, type Triple } from "../../../base/index.ts";

/** Distance in mm along the hull to the nearest sulcus, seen from the middle of the brain. */
export type Gyration = (u: number, v: number, w: number) => number;

/** Samples along each edge of the cube that directions are looked up on. */
const EDGE = 72;

/** From one sulcus to the next but one. */
const WAVELENGTH_MM = 25;

const WAVES = 28;

interface Wave {
  readonly k: Triple;
  readonly phase: number;
}

/** `radius`: half axes of the hull; arguments of the result: a point as multiples of them. */
export function drawGyration(radius: Triple, random: RandomStream): Gyration {
  const waves = Array.from({ length: WAVES }, () => drawWave(random));
  const side = EDGE + 1;
  const map = new Float32Array(6 * side * side);
  for (let face = 0, at = 0; face < 6; face++) {
    for (let b = 0; b < side; b++) {
      for (let a = 0; a < side; a++, at++) {
        map[at] = distanceToSulcus(
          onCube(face, (2 * a) / EDGE - 1, (2 * b) / EDGE - 1),
          radius,
          waves,
        );
      }
    }
  }
  return (u, v, w) => lookUp(map, u, v, w);
}

function drawWave(random: RandomStream): Wave {
  const [x, y, z] = [random.normal(), random.normal(), random.normal()];
  const scale = (2 * Math.PI) / WAVELENGTH_MM / Math.sqrt(x * x + y * y + z * z || 1);
  return { k: [x * scale, y * scale, z * scale], phase: 2 * Math.PI * random.uniform() };
}

function onCube(face: number, a: number, b: number): Triple {
  const sign = face % 2 === 0 ? 1 : -1;
  if (face < 2) return [sign, a, b];
  return face < 4 ? [a, sign, b] : [a, b, sign];
}

/** |f| / |∇f| near the zero line; for a lone wave sin(kx) the distance everywhere: atan(k |f| / |∇f|) / k. */
function distanceToSulcus([u, v, w]: Triple, radius: Triple, waves: readonly Wave[]): number {
  const length = Math.sqrt(u * u + v * v + w * w);
  const hull = [(u / length) * radius[0], (v / length) * radius[1], (w / length) * radius[2]];
  const gradient = [0, 0, 0];
  let value = 0;
  for (const { k, phase } of waves) {
    const angle = k[0] * hull[0] + k[1] * hull[1] + k[2] * hull[2] + phase;
    value += portableSin(angle);
    const slope = portableCos(angle);
    for (let axis = 0; axis < 3; axis++) gradient[axis] += slope * k[axis];
  }
  const normal = hull.map((h, axis) => h / radius[axis] ** 2);
  const across = dot(gradient, normal) / dot(normal, normal);
  const along = gradient.map((g, axis) => g - across * normal[axis]);
  const k = (2 * Math.PI) / WAVELENGTH_MM;
  return arcTangent(k * Math.abs(value), Math.sqrt(dot(along, along))) / k;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** atan(y / x) for y, x ≥ 0 to within 0.005 rad, by products and quotients alone (the same in every engine). */
function arcTangent(y: number, x: number): number {
  const t = Math.min(x, y) / (Math.max(x, y) || 1);
  const small = (Math.PI / 4) * t + 0.273 * t * (1 - t);
  return y > x ? Math.PI / 2 - small : small;
}

function lookUp(map: Float32Array, u: number, v: number, w: number): number {
  const [au, av, aw] = [Math.abs(u), Math.abs(v), Math.abs(w)];
  let face = 0;
  let a = v;
  let b = w;
  let depth = u;
  if (aw >= au && aw >= av) {
    [face, a, b, depth] = [4, u, v, w];
  } else if (av >= au) {
    [face, a, b, depth] = [2, u, w, v];
  }
  if (depth < 0) face += 1;
  const size = Math.abs(depth) || 1;
  return bilinear(map, face, ((a / size + 1) * EDGE) / 2, ((b / size + 1) * EDGE) / 2);
}

function bilinear(map: Float32Array, face: number, a: number, b: number): number {
  const side = EDGE + 1;
  const i = Math.min(EDGE - 1, Math.floor(a));
  const j = Math.min(EDGE - 1, Math.floor(b));
  const [s, t] = [a - i, b - j];
  const at = (face * side + j) * side + i;
  const near = map[at] * (1 - s) + map[at + 1] * s;
  return near * (1 - t) + (map[at + side] * (1 - s) + map[at + side + 1] * s) * t;
}
