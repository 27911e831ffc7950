// Numbers as decimal strings of at most 16 characters: value representation DS of PS3.5 table 6.2-1.

const LONGEST = 16;

/** The decimal string nearest to a finite number; up to 16 characters, as many digits as they hold. */
export function decimalString(value: number): string {
  const shortest = String(value === 0 ? 0 : value).replace("e+", "e");
  if (shortest.length <= LONGEST) return shortest;
  for (let digits = 16; digits >= 1; digits--) {
    const rounded = Number(value.toPrecision(digits));
    const forms = [String(rounded), rounded.toExponential()].map((form) => form.replace("e+", "e"));
    const fitting = forms.find((form) => form.length <= LONGEST);
    if (fitting !== undefined) return fitting;
  }
  return shortest;
}
