// Numbers as decimal strings of at most 16 characters: value representation DS of PS3.5 table 6.2-1.

const LONGEST = 16;
/** What is above would round to infinity in 16 characters. */
const LARGEST = 1.79769313e308;

/** The decimal string nearest to a finite number; up to 16 characters, as many digits as they hold. */
export function decimalString(value: number): string {
  const bounded = Math.max(-LARGEST, Math.min(LARGEST, value));
  const shortest = String(bounded === 0 ? 0 : bounded).replace("e+", "e");
  if (shortest.length <= LONGEST) return shortest;
  for (let digits = 16; digits >= 1; digits--) {
    const rounded = Number(bounded.toPrecision(digits));
    const forms = [String(rounded), rounded.toExponential()].map((form) => form.replace("e+", "e"));
    const fitting = forms.find((form) => form.length <= LONGEST);
    if (fitting !== undefined) return fitting;
  }
  return shortest;
}
