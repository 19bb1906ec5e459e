import { ChemflowError, type Place } from '../error/index.js';
import type { ExecutableNode, Manifest, Project, ResourceId } from '../types/index.js';
import { kindsThrough, secretKind, takenKinds } from './kinds.js';
import type { Lineage } from './open-lineage.js';
import type { Origin } from './origins.js';
import { Untraceable } from './parse-sql.js';
import { mayHoldPersonalData, wayOf } from './personal-data.js';
import type { Written, WrittenRelation } from './statement-writes.js';

/** Statements that a node sends beside its own SQL. */
export interface SentStatements {
  readonly node: ExecutableNode;
  /** How they are called: `post-hook of core.users`. */
  readonly what: string;
  readonly sql: string;
}

/**
 * What is wrong with statements: personal data that they write where it may not be, or what cannot be followed in them. `trace` traces relations that were
 * not looked at yet.
 */
export async function statementErrors(
  project: Project,
  manifest: Manifest,
  lineage: Lineage,
  { node, what, sql }: SentStatements,
  trace: (ids: readonly ResourceId[]) => Promise<void>,
): Promise<ChemflowError[]> {
  const place: Place = {
    file: node.original_file_path,
    line: Math.max(1, node.line),
    column: 1,
    text: manifest.files[node.original_file_path],
  };
  let written: readonly Written[];
  try {
    written = await followTraced(lineage, sql, trace);
  } catch (error) {
    if (!(error instanceof Untraceable)) throw error;
    return [
      new ChemflowError({
        code: 'LINEAGE.UNTRACEABLE',
        message: `Where the ${what} carries data cannot be told: ${error.message}`,
        hint: trustHint(node),
        place,
      }),
    ];
  }
  const targets = written.flatMap(({ target }) => (target === undefined ? [] : (lineage.idOf(target) ?? [])));
  const untraced = targets.filter((id) => lineage.relationOf(id) === undefined);
  if (untraced.length > 0) await trace(untraced);
  return written.flatMap((one) => leaksOf(project, manifest, lineage, one).map((leak) => leakError(what, leak, place)));
}

async function followTraced(
  lineage: Lineage,
  sql: string,
  trace: (ids: readonly ResourceId[]) => Promise<void>,
): Promise<readonly Written[]> {
  const missing = new Set<ResourceId>();
  return lineage.follow(sql, missing).catch(async (error: unknown) => {
    if (missing.size === 0) throw error;
    await trace([...missing]);
    return lineage.follow(sql, missing);
  });
}

/** The kinds of personal data in the rows of a query; undefined where that cannot be told. */
export async function storedKinds(
  project: Project,
  lineage: Lineage,
  sql: string,
  trace: (ids: readonly ResourceId[]) => Promise<void>,
): Promise<readonly string[] | undefined> {
  const taken = takenKinds(project.root.privacy?.declassifiers ?? []);
  const relationOf = (id: ResourceId): ReturnType<Lineage['relationOf']> => lineage.relationOf(id);
  try {
    const written = await followTraced(lineage, `create temporary table failures as\n${sql}`, trace);
    const origins = written.flatMap(({ columns }) => columns.flatMap((column) => column.origins));
    return [...new Set(origins.flatMap((origin) => kindsThrough(origin, relationOf, taken)))].sort();
  } catch (error) {
    if (error instanceof Untraceable) return undefined;
    throw error;
  }
}

/** A statement's column that carries kinds to where they may not be. */
interface Leak {
  readonly label: string;
  readonly kinds: readonly string[];
  /** Does it leave the database? */
  readonly isOutside: boolean;
  /** Is the target one of which the project may say that it holds such kinds? */
  readonly isDeclarable: boolean;
  readonly ways: readonly string[];
}

function leaksOf(project: Project, manifest: Manifest, lineage: Lineage, written: Written): readonly Leak[] {
  const taken = takenKinds(project.root.privacy?.declassifiers ?? []);
  const relationOf = (id: ResourceId): ReturnType<Lineage['relationOf']> => lineage.relationOf(id);
  const mayHave = allowedKinds(project, manifest, lineage, written.target);
  const isOutside = written.target === undefined;
  const node = manifest.nodes[(written.target && lineage.idOf(written.target)) ?? ''];
  const isDeclarable = node !== undefined && mayHoldPersonalData(project, node);
  return written.columns.flatMap(({ name, origins }) => {
    const all = new Set(origins.flatMap((origin: Origin) => kindsThrough(origin, relationOf, taken)));
    const kinds = [...all].filter((kind) => kind === secretKind || !mayHave(name, kind)).sort();
    if (kinds.length === 0) return [];
    const label = labelOfTarget(written.target);
    const column = { name: name ?? '*', origins, kinds, declared: [], offset: 0 };
    const ways = kinds.flatMap((kind) => wayOf(project, manifest, lineage, label, column, kind) ?? []);
    return [{ label: `${label}.${column.name}`, kinds, isOutside, isDeclarable, ways: [...new Set(ways)] }];
  });
}

function labelOfTarget(target: WrittenRelation | undefined): string {
  if (target === undefined) return 'COPY TO';
  return target.schema === undefined ? target.name : `${target.schema}.${target.name}`;
}

/**
 * Which kinds a column of a relation may be given: of one that is known, those that its lineage has, since what reads it knows of no others; of any other in
 * a schema that may hold personal data, all, since nothing that is followed can read it.
 */
function allowedKinds(
  project: Project,
  manifest: Manifest,
  lineage: Lineage,
  target: WrittenRelation | undefined,
): (column: string | undefined, kind: string) => boolean {
  if (target === undefined) return () => false;
  const id = lineage.idOf(target);
  if (id === undefined) {
    const isAllowed =
      target.isTemporary || allowedSchemas(project, manifest).has(target.schema ?? project.target.schema);
    return () => isAllowed;
  }
  const columns = lineage.relationOf(id)?.columns ?? [];
  return (column, kind) => {
    const meant = column === undefined ? columns : columns.filter(({ name }) => name === column);
    return meant.length > 0 && meant.every(({ kinds }) => kinds.includes(kind));
  };
}

/** The schemas of the database in which only what may hold personal data stands. */
function allowedSchemas(project: Project, manifest: Manifest): ReadonlySet<string> {
  const built = Object.values(manifest.nodes).filter(({ resource_type: type }) =>
    ['model', 'seed', 'snapshot'].includes(type),
  );
  const allowed = built.filter((node) => mayHoldPersonalData(project, node)).map(({ schema }) => schema);
  const copied = Object.values(manifest.sources).filter(({ connection }) => connection !== null);
  const other = new Set(built.filter((node) => !mayHoldPersonalData(project, node)).map(({ schema }) => schema));
  return new Set([...allowed, ...copied.map(({ schema }) => schema)].filter((schema) => !other.has(schema)));
}

function leakError(what: string, leak: Leak, place: Place): ChemflowError {
  const where = leak.isOutside ? 'out of the database' : `into ${leak.label}, where it may not be`;
  return new ChemflowError({
    code: 'PRIVACY.PERSONAL_DATA',
    message: `The ${what} carries ${leak.kinds.join(', ')} ${where}:${leak.ways.map((way) => `\n    ${way}`).join('')}`,
    hint: leak.kinds.includes(secretKind)
      ? 'a setting of chemflow, such as the salt, may only be read inside a declared keyed hash'
      : `leave the column out, or let it pass an expression that is listed with its reason under privacy.declassifiers in chemflow.yml${leak.isDeclarable ? ', or say of the column that it holds this: meta: { pii: <kind> }' : ''}`,
    place,
  });
}

function trustHint(node: ExecutableNode): string {
  return node.resource_type === 'operation'
    ? 'write it so that it can be followed, or take it over unseen: privacy: { operations: declared } in chemflow.yml'
    : 'write it so that it can be followed, or take it over unseen: meta: { hooks: declared } on the model';
}
