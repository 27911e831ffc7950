// Binary numbers of a value: PS3.5 table 6.2-1 and section 7.3 on byte order.

type Getter = (view: DataView, at: number, littleEndian: boolean) => number;

const GETTERS: Readonly<Record<string, readonly [bytes: number, get: Getter]>> = {
  US: [2, (view, at, little) => view.getUint16(at, little)],
  OW: [2, (view, at, little) => view.getUint16(at, little)],
  SS: [2, (view, at, little) => view.getInt16(at, little)],
  UL: [4, (view, at, little) => view.getUint32(at, little)],
  OL: [4, (view, at, little) => view.getUint32(at, little)],
  SL: [4, (view, at, little) => view.getInt32(at, little)],
  UV: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  OV: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  SV: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  FL: [4, (view, at, little) => view.getFloat32(at, little)],
  OF: [4, (view, at, little) => view.getFloat32(at, little)],
  FD: [8, (view, at, little) => view.getFloat64(at, little)],
  OD: [8, (view, at, little) => view.getFloat64(at, little)],
  AT: [
    4,
    (view, at, little) => view.getUint16(at, little) * 65536 + view.getUint16(at + 2, little),
  ],
  OB: [1, (view, at) => view.getUint8(at)],
};

/** Numbers of a binary VR; bytes that don't make up a whole one are left out. */
export function readNumbers(vr: string, bytes: Uint8Array, littleEndian: boolean): number[] {
  const getter = GETTERS[vr];
  if (!getter) return [];
  const [size, get] = getter;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.byteLength / size);
  return Array.from({ length: count }, (_, i) => get(view, i * size, littleEndian));
}
