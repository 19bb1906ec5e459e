import { ChemflowError, placeAt, type Place } from '../error/index.js';
import type { ExecutableNode, Manifest, PrivacyConfig, Project, ResourceId, SourceTable } from '../types/index.js';
import { settingsRelation } from './expression-value.js';
import { declaredKinds, kindsThrough, secretKind, takenKinds, unclassified, unknownKind } from './kinds.js';
import type { Lineage } from './open-lineage.js';
import type { Origin } from './origins.js';
import type { RelationColumn } from './relation-lineage.js';

/** The most columns of one relation whose ways are told each for itself. */
const toldColumns = 5;

/** May a node's relation hold personal data? It lies in a schema of `privacy.allowed_in`. */
export function mayHoldPersonalData(project: Project, node: ExecutableNode): boolean {
  return (project.root.privacy?.allowedIn ?? []).includes(node.config.schema ?? project.target.schema);
}

/** Is something built of a node that stays in the database? */
function isRelation(node: ExecutableNode): boolean {
  return ['model', 'seed', 'snapshot'].includes(node.resource_type) && node.config.materialized !== 'ephemeral';
}

/** Columns of sources that say neither that they are personal nor that they are not, a table an error. */
export function unclassifiedErrors(manifest: Manifest): ChemflowError[] {
  return Object.values(manifest.sources).flatMap((table) => {
    const silent = Object.values(table.columns).filter((column) => declaredKinds(column.meta) === undefined);
    const [first] = silent;
    if (first === undefined) return [];
    const names = silent.map(({ name }) => name);
    return [
      new ChemflowError({
        code: 'PRIVACY.UNCLASSIFIED',
        message: `${countOf(names.length)} of ${table.source_name}.${table.name} ${names.length === 1 ? 'says' : 'say'} not whether personal data is in it: ${names.join(', ')}.`,
        hint: 'write meta: { pii: none }, or the kind of personal data that it holds',
        place: sourceColumnPlace(manifest, table, first.name),
      }),
    ];
  });
}

function countOf(count: number): string {
  return count === 1 ? 'One column' : `${count} columns`;
}

/** What is wrong with a traced node: SQL that cannot be followed, or personal data where it may not be. */
export function personalDataErrors(
  project: Project,
  manifest: Manifest,
  lineage: Lineage,
  node: ExecutableNode,
): ChemflowError[] {
  const relation = lineage.relationOf(node.unique_id);
  if (relation === undefined || !isRelation(node)) return [];
  const label = labelOf(manifest, node.unique_id);
  if (relation.problem !== undefined)
    return [
      new ChemflowError({
        code: 'LINEAGE.UNTRACEABLE',
        message: `What the columns of ${label} derive from cannot be told: ${relation.problem.message}`,
        hint: `write the SQL so that it can be followed, or declare the model's columns: meta: { lineage: declared } on it, and meta: { pii: none } or the kind on each column`,
        place: columnPlace(manifest, node, relation.sql ?? '', relation.problem.offset),
      }),
    ];
  const isAllowed = mayHoldPersonalData(project, node);
  const leaks = relation.columns.flatMap((column) => {
    const kinds = column.kinds.filter((kind) => kind !== unknownKind && (!isAllowed || kind === secretKind));
    return kinds.length === 0 ? [] : [{ column, kinds }];
  });
  const told = leaks.slice(0, toldColumns).map(({ column, kinds }) => {
    const ways = kinds.flatMap((kind) => wayOf(project, manifest, lineage, node.unique_id, column, kind) ?? []);
    const path = [...new Set(ways)].map((way) => `\n    ${way}`).join('');
    return new ChemflowError({
      code: 'PRIVACY.PERSONAL_DATA',
      message: `${label}.${column.name} carries ${kinds.join(', ')} ${isAllowed ? 'into a table' : `out of ${allowedPlaces(project.root.privacy)}`}:${path}`,
      hint: hintFor(column, kinds),
      place: columnPlace(manifest, node, relation.sql ?? '', column.offset),
    });
  });
  const rest = leaks.slice(toldColumns);
  if (rest.length > 0)
    told.push(
      new ChemflowError({
        code: 'PRIVACY.PERSONAL_DATA',
        message: `${rest.length} more columns of ${label} carry personal data: ${rest.map(({ column, kinds }) => `${column.name} (${kinds.join(', ')})`).join(', ')}.`,
        place: { file: node.original_file_path, line: node.line, column: 1 },
      }),
    );
  return told;
}

function allowedPlaces(privacy: PrivacyConfig | undefined): string {
  const allowed = privacy?.allowedIn ?? [];
  return allowed.length === 0 ? 'its source' : allowed.join(', ');
}

function hintFor(column: RelationColumn, kinds: readonly string[]): string {
  if (kinds.includes(secretKind))
    return 'a setting of chemflow, such as the salt, may only be read inside a declared keyed hash';
  if (column.name === '*')
    return 'name the columns: the * of a source table may bring columns that nobody has classified';
  if (kinds.every((kind) => kind === unclassified))
    return 'classify the column in its source: meta: { pii: none }, or the kind';
  return 'leave the column out, or let it pass an expression that is listed with its reason under privacy.declassifiers in chemflow.yml';
}

/** The way of a kind of personal data, from the source's column to the given one, relation by relation. */
export function wayOf(
  project: Project,
  manifest: Manifest,
  lineage: Lineage,
  id: ResourceId,
  column: RelationColumn,
  kind: string,
): string | undefined {
  const taken = takenKinds(project.root.privacy?.declassifiers ?? []);
  const relationOf = (one: ResourceId): ReturnType<Lineage['relationOf']> => lineage.relationOf(one);
  interface Step {
    readonly id: ResourceId;
    readonly column: RelationColumn;
    readonly next: Step | undefined;
  }
  const queue: Step[] = [{ id, column, next: undefined }];
  const seen = new Set<string>();
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const { column: at } = step;
    if (at.declared.includes(kind)) return wayText(manifest, lineage, step);
    for (const origin of at.origins) {
      if (!kindsThrough(origin, relationOf, taken).includes(kind)) continue;
      const columns = lineage.relationOf(origin.relation)?.columns ?? [];
      const found = columns.find(({ name }) => name === origin.column) ?? columns.find(({ name }) => name === '*');
      const next = found ?? settingColumn(origin);
      const key = [origin.relation, origin.column].join('\0');
      if (next === undefined || seen.has(key)) continue;
      seen.add(key);
      queue.push({ id: origin.relation, column: { ...next, name: origin.column }, next: step });
    }
  }
  return undefined;
}

function settingColumn(origin: Origin): RelationColumn | undefined {
  if (origin.relation !== settingsRelation) return undefined;
  return { name: origin.column, origins: [], kinds: [secretKind], declared: [secretKind], offset: 0 };
}

function wayText(
  manifest: Manifest,
  lineage: Lineage,
  first: { readonly id: ResourceId; readonly column: RelationColumn; readonly next: unknown },
): string {
  const parts: string[] = [];
  for (let step = first as typeof first | undefined; step !== undefined; step = step.next as typeof first | undefined)
    parts.push(
      `${labelOf(manifest, step.id)}.${step.column.name}${placeText(manifest, lineage, step.id, step.column)}`,
    );
  return parts.join(' -> ');
}

function placeText(manifest: Manifest, lineage: Lineage, id: ResourceId, column: RelationColumn): string {
  const table = manifest.sources[id];
  const node = manifest.nodes[id];
  const place =
    table !== undefined
      ? sourceColumnPlace(manifest, table, column.name)
      : node === undefined
        ? undefined
        : columnPlace(manifest, node, lineage.relationOf(id)?.sql ?? '', column.offset);
  return place === undefined ? '' : ` (${place.file}:${place.line})`;
}

/** How a relation is called: `source till.sales`, `core.users`. */
export function labelOf(manifest: Manifest, id: ResourceId): string {
  const table = manifest.sources[id];
  if (table !== undefined) return `source ${table.source_name}.${table.name}`;
  const node = manifest.nodes[id];
  if (node === undefined) return id === settingsRelation ? 'setting' : id;
  return node.config.materialized === 'ephemeral' ? node.name : `${node.config.schema ?? node.schema}.${node.alias}`;
}

/** Where a column of a source is declared: the table's place where it is not. */
function sourceColumnPlace(manifest: Manifest, table: SourceTable, column: string): Place {
  const file = table.original_file_path;
  const text = manifest.files[file];
  const lines = text?.split('\n') ?? [];
  const name = new RegExp(`\\bname:\\s*["']?${column.replaceAll(/[^\w]/g, '\\$&')}["']?\\s*(?:,|\\}|$)`);
  const at = lines.findIndex((line, index) => index >= table.line && name.test(line));
  const line = at === -1 ? table.line : at + 1;
  const indent = (lines[line - 1] ?? '').search(/\S/);
  return { file, line, column: Math.max(0, indent) + 1, text };
}

/** The place of an offset of the compiled SQL in the node's own file: the one line there that may have become the compiled one, else the file's beginning. */
function columnPlace(manifest: Manifest, node: ExecutableNode, sql: string, offset: number): Place {
  const text = manifest.files[node.original_file_path];
  const compiled = placeAt('', sql, offset);
  const line = sql.split('\n')[compiled.line - 1] ?? '';
  const lines = node.raw_code.split('\n').map((raw, index) => ({ raw, index }));
  const same = lines.filter(({ raw }) => raw.trim() === line.trim());
  const matches = same.length > 0 ? same : lines.filter(({ raw }) => linePattern(raw)?.test(line) === true);
  const [match] = matches;
  if (matches.length !== 1 || match === undefined || line.trim() === '')
    return { file: node.original_file_path, line: node.line, column: 1, text };
  const start = match.raw.search(/\S/);
  const column = compiled.column - line.search(/\S/) + start;
  const template = match.raw.search(/\{[{%#]/);
  // Behind a template nothing stands where it stood.
  const isCertain = template === -1 || column <= template + 1;
  return { file: node.original_file_path, line: node.line + match.index, column: isCertain ? column : start + 1, text };
}

/** What a line of a template may become; undefined where hardly anything in it is SQL. */
function linePattern(raw: string): RegExp | undefined {
  const parts = raw.trim().split(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/);
  if (parts.join('').replaceAll(/\W/g, '').length < 4) return undefined;
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^\\s*${escaped.join('.*')}\\s*$`);
}
