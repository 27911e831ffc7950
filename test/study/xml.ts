// A strict reader of what XML 1.0 calls well-formed, as far as figures need it: throws where a browser would show an error.

const NAME = "[A-Za-z_:][\\w:.-]*";
const tag = new RegExp(`^<(${NAME})((?:\\s+${NAME}="[^"<]*")*)\\s*(/?)>`);
const badAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-fA-F]+);)/;
const forbidden = /(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\ufffe\uffff]/u;

/** Names of the elements, in document order. */
export function elementNames(xml: string): string[] {
  if (forbidden.test(xml.replace(/[\u007f-\u009f]/g, ""))) throw new Error("A forbidden character");
  if (badAmpersand.test(xml)) throw new Error("An ampersand that is not escaped");
  const names: string[] = [];
  const open: string[] = [];
  let rest = xml;
  while (rest !== "") {
    if (rest[0] !== "<") {
      const text = rest.match(/^[^<]+/)![0];
      if (open.length === 0 && text.trim() !== "") throw new Error(`Text outside: ${text}`);
      rest = rest.slice(text.length);
      continue;
    }
    const close = rest.match(new RegExp(`^</(${NAME})\\s*>`));
    if (close) {
      if (open.pop() !== close[1]) throw new Error(`</${close[1]}> closes nothing`);
      rest = rest.slice(close[0].length);
      continue;
    }
    const start = rest.match(tag);
    if (!start) throw new Error(`Not a tag: ${rest.slice(0, 80)}`);
    const attributes = [...start[2].matchAll(new RegExp(`(${NAME})=`, "g"))].map(
      ([, name]) => name,
    );
    if (new Set(attributes).size !== attributes.length) throw new Error(`Twice in ${start[0]}`);
    if (open.length === 0 && names.length > 0) throw new Error("More than one root");
    names.push(start[1]);
    if (!start[3]) open.push(start[1]);
    rest = rest.slice(start[0].length);
  }
  if (open.length > 0) throw new Error(`Left open: ${open.join(", ")}`);
  return names;
}
