import type { DataCard } from './card.js';
import type { LabelBalance, ValueCount } from './label-balance.js';

/** A card as a page for people. */
export function cardMarkdown(card: DataCard): string {
  const sections = [
    `# ${card.dataset}`,
    card.description === '' ? 'This model has no description.' : escape(card.description),
    facts(card),
    ...section(
      'Files',
      table(
        ['file', 'split', 'rows', 'bytes', 'sha-256'],
        card.files.map((file) => [
          code(file.name),
          file.split ?? 'all',
          String(file.rows),
          String(file.bytes),
          code(file.sha256),
        ]),
      ),
    ),
    ...section(
      'Columns',
      table(
        ['column', 'PostgreSQL type', 'type in the file', 'role', 'null', 'meaning'],
        card.columns.map((column) => [
          code(column.name),
          column.postgres_type,
          column.file_type,
          column.role,
          percent(column.null_rate),
          column.description,
        ]),
      ),
    ),
    ...Object.entries(card.splits).flatMap(([name, counts]) => section(`Rows by ${name}`, countTable(name, counts))),
    ...card.labels.flatMap((label) => section(`Label ${label.name}`, labelText(label))),
    ...section(
      'Sources',
      card.sources.length === 0
        ? 'It is made of no source.'
        : table(
            ['source', 'table', 'copied (UTC)', "the source's clock (UTC)"],
            card.sources.map((source) => [
              source.source,
              source.table,
              source.synced_at ?? 'not by chemflow',
              source.clock ?? '',
            ]),
          ),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function section(title: string, text: string): readonly string[] {
  return [`## ${title}`, text];
}

function facts(card: DataCard): string {
  const lines = [
    `- model: ${code(card.model)}`,
    `- as_of: ${card.as_of ?? 'not declared (`meta: {as_of: {model, column}}`)'}`,
    `- rows: ${card.rows}`,
    ...(card.entity.length === 0 ? [] : [`- one row: ${card.entity.map(code).join(', ')}`]),
    ...(card.observed === null
      ? []
      : [
          `- observed (${code(card.observed.column)}): ${card.observed.first ?? 'never'} to ${card.observed.last ?? 'never'}`,
        ]),
    `- order of the rows: ${card.order.length === 0 ? 'all columns' : card.order.map(code).join(', ')}`,
    `- format: ${card.format}${formatNotes[card.format] ?? ''}`,
  ];
  return lines.join('\n');
}

const formatNotes: Readonly<Record<string, string>> = {
  csv: ' (RFC 4180, UTF-8, a header; an empty field without quotes is null, `""` is an empty text; arrays are JSON)',
  jsonl: ' (a JSON object a line, UTF-8; numbers have all their digits, NaN and infinity are strings)',
};

function labelText(label: LabelBalance): string {
  if (label.values !== null) {
    const parts = Object.entries(label.by_split ?? {}).map(
      ([split, counts]) =>
        `${code(split)}: ${counts.map((count) => `${shown(count.value)} ${percent(count.share)}`).join(', ')}`,
    );
    return [countTable(label.name, label.values), ...parts].join('\n\n');
  }
  if (label.summary === null) return 'More than twenty values.';
  const { minimum, quartile_1, median, quartile_3, maximum, mean } = label.summary;
  return table(
    ['minimum', 'quartile 1', 'median', 'quartile 3', 'maximum', 'mean'],
    [[minimum, quartile_1, median, quartile_3, maximum, mean]],
  );
}

function countTable(name: string, counts: readonly ValueCount[]): string {
  return table(
    [name, 'rows', 'share'],
    counts.map((count) => [shown(count.value), String(count.rows), percent(count.share)]),
  );
}

function shown(value: string | null): string {
  return value === null ? 'null' : code(value);
}

function percent(share: number | null): string {
  return share === null ? '' : `${(share * 100).toFixed(2)} %`;
}

function code(text: string): string {
  return text === '' ? '""' : `\`${text.replaceAll('`', "'")}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/[\r\n]+/g, ' ');
}
