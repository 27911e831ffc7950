// Numbers as they are told in passing: four significant digits, no trailing zeros.

export function fourDigits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
