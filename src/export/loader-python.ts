import type { DataCard } from './card.js';
import type { ValueKind } from './types.js';

/** A Python module that loads a dataset with pyarrow and gives a pandas DataFrame of the same types. */
export function pythonLoader(card: DataCard): string {
  const parts = card.files.map((file) => `    ${text(file.split ?? 'all')}: ${text(file.name)},`);
  const body = bodies[card.format] ?? bodies['jsonl'];
  return `${[
    `"""Loads ${card.dataset} as a pandas DataFrame (pip install pandas pyarrow).`,
    '',
    'Nulls stay nulls, decimals stay exact, moments stay in UTC: the columns have Arrow types.',
    '"""',
    ...(body?.imports ?? []),
    '',
    'FOLDER = Path(__file__).resolve().parent',
    'FILES = {',
    ...parts,
    '}',
    'SCHEMA = pa.schema([',
    ...card.columns.map((column) => `    (${text(column.name)}, ${arrowType(column.kind)}),`),
    '])',
    ...(card.format === 'jsonl' ? [`JSON = [${jsonColumns(card)}]`] : []),
    '',
    '',
    ...(body?.functions ?? []),
    '',
    '',
    'def load(split=None):',
    '    """All rows, or those of one file of FILES."""',
    '    names = FILES.values() if split is None else [FILES[split]]',
    '    tables = [read(FOLDER / name) for name in names]',
    '    table = pa.concat_tables(tables) if tables else SCHEMA.empty_table()',
    '    return table.to_pandas(types_mapper=pd.ArrowDtype)',
    '',
    '',
    'if __name__ == "__main__":',
    '    frame = load()',
    '    print(frame.dtypes)',
    '    print(f"{len(frame)} rows")',
  ].join('\n')}\n`;
}

const bodies: Readonly<Record<string, { readonly imports: readonly string[]; readonly functions: readonly string[] }>> =
  {
    parquet: {
      imports: [
        'from pathlib import Path',
        '',
        'import pandas as pd',
        'import pyarrow as pa',
        'import pyarrow.parquet as pq',
      ],
      functions: ['def read(path):', '    return pq.read_table(path)'],
    },
    csv: {
      imports: [
        'import json',
        'from datetime import date, datetime, time',
        'from decimal import Decimal',
        'from pathlib import Path',
        '',
        'import pandas as pd',
        'import pyarrow as pa',
        'import pyarrow.csv',
      ],
      functions: [
        'def read(path):',
        '    """Reads what a CSV can say by itself, and makes the rest of its text."""',
        '    own = {field.name: field.type for field in SCHEMA if not is_made(field.type)}',
        '    made = {field.name: pa.string() for field in SCHEMA if is_made(field.type)}',
        '    table = pyarrow.csv.read_csv(',
        '        path,',
        '        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),',
        '        convert_options=pyarrow.csv.ConvertOptions(',
        '            column_types={**own, **made},',
        '            null_values=[""],',
        '            strings_can_be_null=True,',
        '            quoted_strings_can_be_null=False,',
        '        ),',
        '    )',
        '    columns = [',
        '        pa.array([make(value, field.type) for value in table[field.name].to_pylist()], field.type)',
        '        if is_made(field.type)',
        '        else table[field.name]',
        '        for field in SCHEMA',
        '    ]',
        '    return pa.table(columns, schema=SCHEMA)',
        '',
        '',
        'def is_made(type):',
        '    return pa.types.is_list(type) or pa.types.is_binary(type)',
        '',
        '',
        'def make(value, type):',
        '    if value is None:',
        '        return None',
        '    if pa.types.is_binary(type):',
        '        return bytes.fromhex(value)',
        '    return [element(item, type.value_type) for item in json.loads(value, parse_float=Decimal)]',
        ...elementFunction(),
      ],
    },
    jsonl: {
      imports: [
        'import json',
        'from datetime import date, datetime, time',
        'from decimal import Decimal',
        'from pathlib import Path',
        '',
        'import pandas as pd',
        'import pyarrow as pa',
      ],
      functions: [
        'def read(path):',
        '    """Reads numbers as they are written, so that none is rounded."""',
        '    columns = {field.name: [] for field in SCHEMA}',
        '    with open(path, encoding="utf-8", newline="\\n") as lines:',
        '        for line in lines:',
        '            row = json.loads(line, parse_float=Decimal)',
        '            for field in SCHEMA:',
        '                value = row[field.name]',
        '                if field.name in JSON and value is not None:',
        '                    value = json.dumps(value, ensure_ascii=False, default=float)',
        '                columns[field.name].append(element(value, field.type))',
        '    return pa.table([pa.array(columns[field.name], field.type) for field in SCHEMA], schema=SCHEMA)',
        ...elementFunction(),
      ],
    },
  };

/** What becomes of a value of JSON; shared by both text formats. */
function elementFunction(): readonly string[] {
  return [
    '',
    '',
    'def element(value, type):',
    '    if value is None:',
    '        return None',
    '    if pa.types.is_list(type):',
    '        return [element(item, type.value_type) for item in value]',
    '    if pa.types.is_decimal(type):',
    '        return Decimal(value)',
    '    if pa.types.is_floating(type):',
    '        return float(value)',
    '    if pa.types.is_timestamp(type):',
    '        return datetime.fromisoformat(value)',
    '    if pa.types.is_date(type):',
    '        return date.fromisoformat(value)',
    '    if pa.types.is_time(type):',
    '        return time.fromisoformat(value)',
    '    if pa.types.is_binary(type):',
    '        return bytes.fromhex(value)',
    '    if pa.types.is_string(type) and not isinstance(value, str):',
    '        return json.dumps(value, ensure_ascii=False, default=float)',
    '    return value',
  ];
}

function arrowType(kind: ValueKind): string {
  switch (kind.kind) {
    case 'list':
      return `pa.list_(${arrowType(kind.element)})`;
    case 'decimal':
      return `pa.decimal128(${kind.precision}, ${kind.scale})`;
    case 'boolean':
      return 'pa.bool_()';
    case 'int16':
    case 'int32':
    case 'int64':
    case 'float32':
    case 'float64':
      return `pa.${kind.kind}()`;
    case 'date':
      return 'pa.date32()';
    case 'timestamp':
      return 'pa.timestamp("us")';
    case 'timestamptz':
      return 'pa.timestamp("us", tz="UTC")';
    case 'time':
      return 'pa.time64("us")';
    case 'bytes':
      return 'pa.binary()';
    default:
      return 'pa.string()';
  }
}

function jsonColumns(card: DataCard): string {
  return card.columns
    .filter((column) => column.kind.kind === 'json')
    .map((column) => text(column.name))
    .join(', ');
}

/** A text as a literal of Python, which reads JSON's escapes alike. */
function text(value: string): string {
  return JSON.stringify(value);
}
