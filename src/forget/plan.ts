import { ChemflowError, didYouMean, throwAll } from '../error/index.js';
import type { Graph } from '../graph/index.js';
import { personalColumns, personColumns, personTables, saysNobody, type PersonColumn } from '../person/index.js';
import type { DeclassifierConfig, ExecutableNode, Manifest, ResourceId, SourceTable } from '../types/index.js';

/** A column that says whose a row is, as it was declared or found by lineage. */
export interface MarkedColumn extends PersonColumn {
  /** May it hold what is no key of these people too? Then only a value that can be nobody else's (a uuid, a hash) tells. */
  readonly isMixed: boolean;
}

/** A relation with rows of people. */
export interface KeptRelation {
  readonly resource: SourceTable | ExecutableNode;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly MarkedColumn[];
}

/** A table of people that somebody is to be forgotten from, and every relation where rows may be theirs. */
export interface Forgetting {
  readonly person: string;
  readonly table: SourceTable;
  /** The column that `--key` is a value of. */
  readonly key: string;
  /** Tables that are not made anew by every run. */
  readonly kept: readonly KeptRelation[];
  /** What is built of them, in build order; found by {@link deriveRelations}. */
  readonly derived: readonly KeptRelation[];
  /** The declassifiers whose results tell whose a value was. */
  readonly hashes: readonly DeclassifierConfig[];
}

/**
 * Finds what has to be known to forget somebody of `person` (`source.table`).
 * Errors: FORGET.UNKNOWN_SOURCE, FORGET.KEY, and FORGET.UNDECLARED for each kept relation with personal data that does not say whose its rows are.
 */
export function planForgetting(
  person: string,
  manifest: Manifest,
  graph: Graph,
  declassifiers: readonly DeclassifierConfig[],
): Forgetting {
  const people = [...personTables(manifest)];
  const tables = Object.values(manifest.sources).filter((one) => one.connection !== null);
  const table = tables.find((one) => nameOf(one) === person);
  if (table === undefined || !people.includes(person))
    throw new ChemflowError({
      code: 'FORGET.UNKNOWN_SOURCE',
      message: `No source column says that its rows belong to somebody of "${person}".`,
      hint:
        didYouMean(person, people) ??
        (people.length === 0
          ? 'write meta: { person: <source>.<table> } on the columns of sources.yml that refer to people'
          : `--source is one of ${people.join(', ')}`),
    });
  const [key, ...more] = table.extract?.key ?? [];
  if (key === undefined || more.length > 0)
    throw new ChemflowError({
      code: 'FORGET.KEY',
      message: `${person} has no key of one column.`,
      hint: 'name it in sources.yml: extract: { key: [id] }',
    });
  const resources = [...tables, ...keptNodes(manifest, graph)];
  throwAll(resources.flatMap((resource) => undeclared(resource, people)));
  return { person, table, key, kept: resources.map(keptRelation), derived: [], hashes: hashesAmong(declassifiers) };
}

const hashFunctions = /\b(md5|sha224|sha256|sha384|sha512|digest|hmac)\s*\(/i;

/** The declassifiers whose results tell whose a value was: those that compute a hash. Of any other (a length, a domain) many people have the same. */
function hashesAmong(declassifiers: readonly DeclassifierConfig[]): readonly DeclassifierConfig[] {
  return declassifiers.filter(({ expression }) => hashFunctions.test(expression) && !/\$[02-9]|\$1\d/.test(expression));
}

/** What a run does not make anew: snapshots, and incremental models that a full refresh leaves alone. */
function keptNodes(manifest: Manifest, graph: Graph): readonly ExecutableNode[] {
  const later = builtOfPeople(manifest, graph);
  return Object.values(manifest.nodes).filter((node) => later.has(node.unique_id) && isKept(node));
}

/** Everything that reads, directly or not, from tables of people and of their rows. */
export function builtOfPeople(manifest: Manifest, graph: Graph): ReadonlySet<ResourceId> {
  const people = personTables(manifest);
  const tables = Object.values(manifest.sources).filter(
    (table) => table.connection !== null && (people.has(nameOf(table)) || personColumns(table).length > 0),
  );
  return new Set(tables.flatMap((table) => [...graph.descendants(table.unique_id)]));
}

/** Does a full refresh leave a node's rows alone? */
export function isKept(node: ExecutableNode): boolean {
  return (
    node.resource_type === 'snapshot' ||
    (node.resource_type === 'model' &&
      node.config.materialized === 'incremental' &&
      node.config['full_refresh'] === false)
  );
}

function undeclared(resource: SourceTable | ExecutableNode, people: readonly string[]): readonly ChemflowError[] {
  const isKeptNode = resource.resource_type !== 'source';
  const isSilent = personColumns(resource).length === 0 && !saysNobody(resource);
  if (!isSilent || (!isKeptNode && people.includes(nameOf(resource)))) return [];
  const personal = personalColumns(resource).map(({ name }) => name);
  if (!isKeptNode && personal.length === 0) return [];
  return [
    new ChemflowError({
      code: 'FORGET.UNDECLARED',
      message: `${resource.unique_id} ${personal.length === 0 ? 'keeps what comes from people' : `holds personal data (${personal.join(', ')})`}, but no column of it says whose a row is.`,
      hint: 'write meta: { person: <source>.<table> } on the column that refers to the person, or meta: { no_person: <reason> } on the table',
      place: { file: resource.original_file_path, line: 1, column: 1 },
    }),
  ];
}

function keptRelation(resource: SourceTable | ExecutableNode): KeptRelation {
  const name = resource.resource_type === 'source' ? resource.identifier : resource.alias;
  const columns = personColumns(resource).map((column) => ({ ...column, isMixed: false }));
  return { resource, schema: resource.schema, name, columns };
}

/** `source.table`. */
export function nameOf(table: SourceTable): string {
  return `${table.source_name}.${table.name}`;
}
