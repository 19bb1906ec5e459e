const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\u0007',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};
const numericEscape = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})/y;

/** Reads a Python string literal that begins at `start`; undefined where it does not end. `end` is the offset after its closing quote. */
export function readStringLiteral(text: string, start: number): { value: string; end: number } | undefined {
  const quote = text[start] ?? '';
  const close = text.indexOf(quote, start + 1);
  if (close === -1) return undefined;
  const plain = text.slice(start + 1, close);
  if (!plain.includes('\\')) return { value: normalize(plain), end: close + 1 };
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === quote) return { value: normalize(value), end: at + 1 };
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    const simple = simpleEscapes[text[at] ?? ''];
    if (simple !== undefined) {
      value += simple;
      continue;
    }
    numericEscape.lastIndex = at;
    const numeric = numericEscape.exec(text);
    if (numeric === null) {
      value += `\\${text[at] ?? ''}`;
      continue;
    }
    const hexadecimal = numeric[1] ?? numeric[2] ?? numeric[3];
    value += String.fromCodePoint(
      hexadecimal === undefined ? parseInt(numeric[4] ?? '0', 8) : parseInt(hexadecimal, 16),
    );
    at += numeric[0].length - 1;
  }
  return undefined;
}

function normalize(value: string): string {
  return value.includes('\r\n') ? value.replaceAll('\r\n', '\n') : value;
}
