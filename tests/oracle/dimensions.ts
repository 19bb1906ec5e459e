import type { Instant } from '../../src/util/instant.js';
import { flag, type Cell, type ColumnType, type ExpectedTable } from './expected-table.js';
import type { Child, Person } from './people.js';
import { readLooseDate } from './loose-dates.js';
import type { ChemlinkTable, Row, Sources } from './read-sources.js';
import { isAlive, lifeOf, notBlank } from './rows.js';

/** Source, key and the columns after it, by the source's names. */
const dimensions = [
  ['companies', 'company_id', { company_name: 'name' }],
  ['roles', 'role_id', { role_title: 'title' }],
  ['locations', 'location_id', { country: 'country', city: 'city' }],
  ['schools', 'school_id', { school_name: 'name', location: 'location' }],
  ['degrees', 'degree_id', { degree_name: 'name', degree_type: 'type' }],
  ['projects', 'project_id', { project_name: 'name' }],
] as const satisfies readonly (readonly [ChemlinkTable, string, Readonly<Record<string, string>>])[];

/** Rows of a source table that had been created by as_of, deleted or not. */
const rowsBy = (rows: readonly Row[], asOf: Instant): Row[] => rows.filter((row) => lifeOf(row).createdAt <= asOf);

/** core.dim_companies and the other five. */
export function dimensionTables(sources: Sources, asOf: Instant): ExpectedTable[] {
  return dimensions.map(([source, key, columns]) => {
    const names = Object.entries<string>(columns);
    return {
      name: `core.dim_${source}`,
      key: [key],
      columns: {
        [key]: 'bigint',
        ...Object.fromEntries(names.map(([column]) => [column, 'text' as const])),
        is_deleted: 'boolean',
      },
      rows: rowsBy(sources.chemlink[source], asOf).map((row) => ({
        [key]: row['id'] ?? null,
        ...Object.fromEntries(names.map(([column, from]) => [column, notBlank(row[from])])),
        is_deleted: flag(!isAlive(lifeOf(row), asOf)),
      })),
    };
  });
}

/** Names of a dimension's rows by key, of deleted ones too; blank ones are not there. */
export function namesOf(sources: Sources, table: ChemlinkTable, column: string, asOf: Instant): Map<string, string> {
  const names = new Map<string, string>();
  for (const row of rowsBy(sources.chemlink[table], asOf)) {
    const name = notBlank(row[column]);
    if (name !== null) names.set(row['id'] ?? '', name);
  }
  return names;
}

/** core.experiences or core.education: what hangs on people and is not deleted. */
function timesOfLife(
  people: readonly Person[],
  asOf: Instant,
  name: string,
  key: string,
  childrenOf: (person: Person) => readonly Child[],
  dimensionKeys: readonly string[],
): ExpectedTable {
  const columns: Record<string, ColumnType> = {
    [key]: 'bigint',
    user_key: 'uuid',
    ...Object.fromEntries(dimensionKeys.map((column) => [column, 'bigint' as const])),
    start_date: 'date',
    start_date_precision: 'text',
    end_date: 'date',
    end_date_precision: 'text',
    is_current: 'boolean',
  };
  const rows = people.flatMap((person) =>
    childrenOf(person)
      .filter((child) => isAlive(child, asOf))
      .map(({ row }): Record<string, Cell> => {
        const start = readLooseDate(row['start_date']);
        const end = readLooseDate(row['end_date']);
        return {
          [key]: row['id'] ?? null,
          user_key: person.key,
          ...Object.fromEntries(dimensionKeys.map((column) => [column, row[column] ?? null])),
          start_date: start.date,
          start_date_precision: start.precision,
          end_date: end.date,
          end_date_precision: end.precision,
          is_current: flag(end.isPresent),
        };
      }),
  );
  return { name, key: [key], columns, rows, isOrderFree: true };
}

/** core.experiences and core.education */
export const experiencesAndEducation = (people: readonly Person[], asOf: Instant): ExpectedTable[] => [
  timesOfLife(people, asOf, 'core.experiences', 'experience_id', ({ experiences }) => experiences, [
    'company_id',
    'role_id',
    'project_id',
    'location_id',
  ]),
  timesOfLife(people, asOf, 'core.education', 'education_id', ({ education }) => education, ['school_id', 'degree_id']),
];

/** core.glossary_terms: terms that the source still has. */
export function glossaryTerms(sources: Sources, asOf: Instant): ExpectedTable {
  const columns = ['term', 'meaning', 'category', 'description'] as const;
  return {
    name: 'core.glossary_terms',
    key: ['glossary_id'],
    columns: { glossary_id: 'bigint', term: 'text', meaning: 'text', category: 'text', description: 'text' },
    rows: sources.chemlink.glossary
      .filter((row) => isAlive(lifeOf(row), asOf))
      .map((row) => ({
        glossary_id: row['id'] ?? null,
        ...Object.fromEntries(columns.map((column) => [column, notBlank(row[column])])),
      })),
  };
}
