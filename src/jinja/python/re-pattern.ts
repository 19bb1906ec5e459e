import { typeError } from '../values/raise.js';

/** Python's flags, with Python's numbers. */
export const flagValues = { IGNORECASE: 2, MULTILINE: 8, DOTALL: 16, VERBOSE: 64, UNICODE: 32, ASCII: 256 } as const;

const letters: Readonly<Record<string, number>> = { i: 2, m: 8, s: 16, x: 64, u: 32, a: 256 };

/** A regular expression of Python as one of JavaScript (with indices, global); raises JINJA.TYPE for what JavaScript lacks. */
export function translatePattern(pattern: string, flags: number): RegExp {
  let all = flags;
  const source = pattern.replace(/^\(\?([aimsux]+)\)/, (_, given: string) => {
    for (const letter of given) all |= letters[letter] ?? 0;
    return '';
  });
  const plain = (all & flagValues.VERBOSE) === 0 ? source : withoutComments(source);
  const translated = plain.replace(
    /\\[AZ]|\(\?P<(\w+)>|\(\?P=(\w+)\)|\\.|\[(?:\\.|[^\]\\])*\]/g,
    (part, name, back) => {
      if (part === '\\A') return '(?<![^])';
      if (part === '\\Z') return '(?![^])';
      if (name !== undefined) return `(?<${String(name)}>`;
      if (back !== undefined) return `\\k<${String(back)}>`;
      return part;
    },
  );
  const dollar =
    (all & flagValues.MULTILINE) === 0
      ? translated.replace(
          /(\\.|\[(?:\\.|[^\]\\])*\])|\$/g,
          (part, kept: string | undefined) => kept ?? (part === '$' ? '(?=\\n?(?![^]))' : part),
        )
      : translated;
  const letter = (flag: number, name: string): string => ((all & flag) === 0 ? '' : name);
  const modes = letter(flagValues.IGNORECASE, 'i') + letter(flagValues.MULTILINE, 'm') + letter(flagValues.DOTALL, 's');
  try {
    return new RegExp(dollar, `dg${modes}`);
  } catch (cause) {
    throw typeError(`re.error: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

function withoutComments(pattern: string): string {
  return pattern.replace(/(\\.|\[(?:\\.|[^\]\\])*\])|#.*|\s+/g, (_, kept: string | undefined) => kept ?? '');
}

/** A replacement text of Python (`\1`, `\g<name>`) filled from a match. */
export function expandReplacement(template: string, match: RegExpExecArray): string {
  return template.replace(/\\(?:g<(\w+)>|(\d{1,2})|(.))/g, (_, name?: string, number?: string, other?: string) => {
    if (other !== undefined) return { n: '\n', t: '\t', r: '\r' }[other] ?? (other === '\\' ? '\\' : `\\${other}`);
    const key = name ?? number ?? '';
    return (/^\d+$/.test(key) ? match[Number(key)] : match.groups?.[key]) ?? '';
  });
}
