/** A value of a COPY row; a boolean is t or f, undefined is NULL as null is. */
export type CopyValue = string | number | boolean | null | undefined;

const special = /[\\\t\n\r]/;

function copyField(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'number') return String(value);
  if (!special.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** A row in COPY's text format, with its newline. */
export function copyRow(values: readonly CopyValue[]): string {
  let line = '';
  for (let index = 0; index < values.length; index += 1) {
    line += index === 0 ? copyField(values[index]) : `\t${copyField(values[index])}`;
  }
  return `${line}\n`;
}
