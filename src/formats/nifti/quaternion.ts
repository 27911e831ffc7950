// Rotations as NIfTI's quaternions (nifti1.h, "METHOD 2"; nifti1_io.c, nifti_quatern_to_mat44 and back).

import { determinant, type Matrix3, type Triple } from "../../base/index.ts";

/** The rotation of the quaternion (a, b, c, d) whose a ≥ 0 is left out; its columns are unit vectors. */
export function rotationOfQuaternion([b0, c0, d0]: Triple): Matrix3 {
  const squares = b0 * b0 + c0 * c0 + d0 * d0;
  // Rounding may push (b, c, d) past unit length: then it is half a turn.
  const length = Math.max(1, Math.sqrt(squares));
  const a = Math.sqrt(Math.max(0, 1 - squares));
  const [b, c, d] = [b0 / length, c0 / length, d0 / length];
  return [
    a * a + b * b - c * c - d * d,
    2 * (b * c - a * d),
    2 * (b * d + a * c),
    2 * (b * c + a * d),
    a * a + c * c - b * b - d * d,
    2 * (c * d - a * b),
    2 * (b * d - a * c),
    2 * (c * d + a * b),
    a * a + d * d - c * c - b * b,
  ];
}

/** (b, c, d) of a rotation, and qfac: −1 where its third column had to be turned round to make it one. */
export function quaternionOfRotation(matrix: Matrix3): { quaternion: Triple; qfac: 1 | -1 } {
  const qfac = determinant(matrix) < 0 ? -1 : 1;
  const rotation = matrix.map((value, at) => (at % 3 === 2 ? value * qfac : value));
  return { quaternion: properQuaternion(rotation), qfac };
}

function properQuaternion(rotation: readonly number[]): Triple {
  const [r11, r12, r13, r21, r22, r23, r31, r32, r33] = rotation;
  const turns: Triple = [r32 - r23, r13 - r31, r21 - r12];
  const trace = r11 + r22 + r33;
  if (trace > -0.5) return scaled(turns, 0.5 / Math.sqrt(1 + trace));
  // Near half a turn a is small: start from the largest of b, c, d. `turns` has the sign of a.
  const squares: Triple = [1 + r11 - r22 - r33, 1 + r22 - r11 - r33, 1 + r33 - r11 - r22];
  const largest = squares.indexOf(Math.max(...squares));
  const [bc, bd, cd] = [r12 + r21, r13 + r31, r23 + r32];
  const rows: Triple<Triple> = [
    [squares[0], bc, bd],
    [bc, squares[1], cd],
    [bd, cd, squares[2]],
  ];
  const sign = turns[largest] < 0 ? -1 : 1;
  return scaled(rows[largest], (0.5 * sign) / Math.sqrt(squares[largest]));
}

function scaled([x, y, z]: Triple, factor: number): Triple {
  return [x * factor, y * factor, z * factor];
}
