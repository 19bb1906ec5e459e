import type { Instant } from '../../src/util/instant.js';
import { namesOf } from './dimensions.js';
import { number, type Cell, type ExpectedTable } from './expected-table.js';
import { rate } from './numbers.js';
import { addTo, type Child } from './people.js';
import type { ChemlinkTable, Row, Sources } from './read-sources.js';
import { isAlive } from './rows.js';
import type { RealUser } from './segments.js';

/** A row of experiences or education, not deleted, of a real account. */
interface Time {
  readonly row: Row;
  readonly userKey: string;
}

const timesOf = (users: readonly RealUser[], childrenOf: (real: RealUser) => readonly Child[], asOf: Instant): Time[] =>
  users.flatMap((real) =>
    childrenOf(real)
      .filter((child) => isAlive(child, asOf))
      .map(({ row }) => ({ row, userKey: real.person.key })),
  );

const people = (times: readonly Time[]): number => new Set(times.map(({ userKey }) => userKey)).size;
const distinct = (rows: readonly Row[], column: string): number =>
  new Set(rows.map((row) => row[column] ?? null).filter((value) => value !== null)).size;

/** Things by the name of the dimension's row that they refer to; what refers to none, or to one without a name, is left out. */
function byName<T>(things: readonly T[], keyOf: (thing: T) => Cell | undefined, names: ReadonlyMap<string, string>) {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const name = names.get(keyOf(thing) ?? '');
    if (name !== undefined) addTo(groups, name, thing);
  }
  return groups;
}

/** The talent marketplace: top_companies, top_roles, education_distribution, geographic_distribution, top_projects. */
export function talentTables(sources: Sources, users: readonly RealUser[], asOf: Instant): ExpectedTable[] {
  const experiences = timesOf(users, ({ person }) => person.experiences, asOf);
  const education = timesOf(users, ({ person }) => person.education, asOf);
  const grouped = (times: readonly Time[], key: string, table: ChemlinkTable, name: string) =>
    byName(times, ({ row }) => row[key], namesOf(sources, table, name, asOf));

  const current = byName(users, ({ person }) => person.row['company_id'], namesOf(sources, 'companies', 'name', asOf));
  const worked = grouped(experiences, 'company_id', 'companies', 'name');
  const countries = new Map<string, RealUser[]>();
  for (const real of users) addTo(countries, real.person.country ?? 'Unknown', real);
  return [
    {
      name: 'aggregates.top_companies',
      key: ['company_name'],
      columns: { company_name: 'text', users: 'bigint', experiences: 'bigint', people_with_experience: 'bigint' },
      rows: [...new Set([...current.keys(), ...worked.keys()])].map((name) => ({
        company_name: name,
        users: number(current.get(name)?.length ?? 0),
        experiences: number(worked.get(name)?.length ?? 0),
        people_with_experience: number(people(worked.get(name) ?? [])),
      })),
    },
    {
      name: 'aggregates.top_roles',
      key: ['role_title'],
      columns: { role_title: 'text', users: 'bigint', companies: 'bigint', experiences: 'bigint' },
      rows: [...grouped(experiences, 'role_id', 'roles', 'title')].map(([title, times]) => ({
        role_title: title,
        users: number(people(times)),
        companies: number(
          distinct(
            times.map(({ row }) => row),
            'company_id',
          ),
        ),
        experiences: number(times.length),
      })),
    },
    {
      name: 'aggregates.education_distribution',
      key: ['degree_name'],
      columns: { degree_name: 'text', users: 'bigint', schools: 'bigint' },
      rows: [...grouped(education, 'degree_id', 'degrees', 'name')].map(([name, times]) => ({
        degree_name: name,
        users: number(people(times)),
        schools: number(
          distinct(
            times.map(({ row }) => row),
            'school_id',
          ),
        ),
      })),
    },
    {
      name: 'aggregates.geographic_distribution',
      key: ['country'],
      columns: { country: 'text', users: 'bigint', companies: 'bigint', share: 'numeric(12,2)' },
      rows: [...countries].map(([country, members]) => ({
        country,
        users: number(members.length),
        companies: number(
          distinct(
            members.map(({ person }) => person.row),
            'company_id',
          ),
        ),
        share: rate(members.length, users.length),
      })),
    },
    {
      name: 'aggregates.top_projects',
      key: ['project_name'],
      columns: { project_name: 'text', people: 'bigint', experiences: 'bigint' },
      rows: [...grouped(experiences, 'project_id', 'projects', 'name')].map(([name, times]) => ({
        project_name: name,
        people: number(people(times)),
        experiences: number(times.length),
      })),
    },
  ];
}
