import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { questionFolder } from './questions.js';
import { rowsOf, withSession, type Place } from './session.js';

/** What the raw questions are asked with, so that they are about the same moment and people as the warehouse. */
export interface Literals {
  /** A moment as SQL reads it. */
  readonly asOf: string;
  /** Patterns of test accounts' addresses. */
  readonly testPatterns: readonly string[];
}

/** What the warehouse was built with. */
export async function readLiterals(warehouse: Place): Promise<Literals> {
  return await withSession(warehouse, async (session) => ({
    asOf: (await rowsOf(session, 'select as_of from staging.as_of'))[0]?.[0] ?? '',
    testPatterns: (await rowsOf(session, 'select pattern from staging.test_accounts')).map(
      ([pattern]) => pattern ?? '',
    ),
  }));
}

/** A raw query as an analyst would type it: with the moment and the patterns in it, for the planner to estimate with. */
export function inLiterals(sql: string, { asOf, testPatterns }: Literals): string {
  return sql
    .replaceAll(':as_of', `timestamptz ${pg.escapeLiteral(asOf)}`)
    .replaceAll(':test_patterns', `array[${testPatterns.map((pattern) => pg.escapeLiteral(pattern)).join(', ')}]`);
}

const enumTypes = `
select t.typname, string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
from pg_type t join pg_enum e on e.enumtypid = t.oid
where t.typnamespace = 'public'::regnamespace
group by t.typname`;

/** Name, columns with types, and how they are read: a domain becomes what it is over, a composite text, an enum one of the raw schema. */
const tables = (source: string): string => `
select
  c.relname,
  string_agg(format('%I %s', a.attname,
    case t.typtype
      when 'e' then format('raw.%I', '${source}_' || t.typname)
      when 'd' then format_type(t.typbasetype, t.typtypmod)
      when 'c' then 'text'
      else format_type(a.atttypid, a.atttypmod)
    end), ', ' order by a.attnum),
  string_agg(format(case t.typtype when 'c' then '%I::text' else '%I' end, a.attname), ', ' order by a.attnum)
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
group by c.relname
order by c.relname`;

/** Keys, foreign keys and created_at that the source itself has no index for: production would have one. */
const missingIndexes = `
select c.relname, quote_ident(a.attname)
from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
  and (a.attname = 'created_at' or (a.attname like '%\\_id' and a.atttypid in ('bigint'::regtype, 'uuid'::regtype)))
  and not exists (
    select 1 from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum and i.indpred is null
  )`;

/** Copies every table of a source, and the indexes that it has or should have, into the schema `raw` as `<source>_<table>`. */
async function copySource(name: string, source: pg.Client, target: pg.Client): Promise<void> {
  for (const [type, labels] of await rowsOf(source, enumTypes))
    await target.query(`create type raw.${name}_${type} as enum (${labels})`);
  for (const [table, columns, selected] of await rowsOf(source, tables(name))) {
    await target.query(`create table raw.${name}_${table} (${columns})`);
    await pipeline(
      source.query(to(`copy (select ${selected} from public.${table}) to stdout`)),
      target.query(from(`copy raw.${name}_${table} from stdin`)),
    );
  }
  for (const [definition] of await rowsOf(source, `select indexdef from pg_indexes where schemaname = 'public'`))
    await target.query(
      (definition ?? '').replace(/^CREATE (UNIQUE )?INDEX \S+ ON public\.(\S+)/, `create $1index on raw.${name}_$2`),
    );
  for (const [table, column] of await rowsOf(source, missingIndexes))
    await target.query(`create index on raw.${name}_${table} (${column})`);
}

/** Makes the schema `raw` in an empty database: both sources' rows, their indexes, and the contract's definitions as views. */
export async function makeRawCopies(
  sources: Readonly<Record<'chemlink' | 'engagement', Place>>,
  target: Place,
  literals: Literals,
): Promise<void> {
  await withSession(target, async (copy) => {
    await copy.query('create schema raw');
    for (const [name, place] of Object.entries(sources))
      await withSession(place, (source) => copySource(name, source, copy));
    await copy.query('vacuum analyze');
    await copy.query(inLiterals(readFileSync(join(questionFolder, 'definitions.sql'), 'utf8'), literals));
  });
}
