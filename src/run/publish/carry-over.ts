import { quoteIdentifier, quoteLiteral } from '../../util/sql-text.js';
import type { DependentView, Grant, InspectedRelation } from './inspect.js';

/** A relation's name with its schema, quoted. */
export function qualified(relation: { readonly schema: string; readonly name: string }): string {
  return `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.name)}`;
}

const alterWord = { table: 'table', view: 'view', materialized_view: 'materialized view', other: 'table' } as const;

/** `table`, `view`, `materialized view`: the word after ALTER and DROP. */
export function kindWord(kind: InspectedRelation['kind']): string {
  return alterWord[kind];
}

function grantStatement(grant: Grant, on: string, columns = ''): string {
  const grantee = grant.grantee === null ? 'public' : quoteIdentifier(grant.grantee);
  return `grant ${grant.privilege.toLowerCase()}${columns} on ${on} to ${grantee}${grant.grantable ? ' with grant option' : ''}`;
}

const grantKey = (grant: Grant): string => JSON.stringify([grant.grantee, grant.privilege]);

/** Statements after which the new relation (under the old one's name) has the old one's rights, and no other ones than its owner's. */
function carryGrants(old: InspectedRelation, fresh: InspectedRelation): string[] {
  const name = qualified(old);
  const kept = new Set(old.grants.map(grantKey));
  const unwanted = fresh.grants.filter((grant) => !kept.has(grantKey(grant)));
  const freshColumns = new Set(fresh.columns.map((column) => column.name));
  return [
    ...unwanted.map(
      (grant) =>
        `revoke ${grant.privilege.toLowerCase()} on ${name} from ${grant.grantee === null ? 'public' : quoteIdentifier(grant.grantee)}`,
    ),
    ...old.grants.map((grant) => grantStatement(grant, name)),
    ...old.columns
      .filter((column) => freshColumns.has(column.name))
      .flatMap((column) =>
        column.grants.map((grant) => grantStatement(grant, name, ` (${quoteIdentifier(column.name)})`)),
      ),
  ];
}

function carryComments(old: InspectedRelation, fresh: InspectedRelation): string[] {
  const name = qualified(old);
  const columns = new Set(fresh.columns.map((column) => column.name));
  return [
    ...(old.comment === null ? [] : [`comment on ${kindWord(fresh.kind)} ${name} is ${quoteLiteral(old.comment)}`]),
    ...old.columns
      .filter((column) => column.comment !== null && columns.has(column.name))
      .map(
        (column) =>
          `comment on column ${name}.${quoteIdentifier(column.name)} is ${quoteLiteral(column.comment ?? '')}`,
      ),
  ];
}

/** Row-level security, replica identity, storage options and statistics targets: what only tables (and partly materialized views) have. */
function carryTableSettings(old: InspectedRelation, fresh: InspectedRelation): string[] {
  if (fresh.kind === 'view' || old.kind !== fresh.kind) return [];
  const alter = `alter ${kindWord(fresh.kind)} ${qualified(old)}`;
  const own = new Set(fresh.options.map((option) => option.split('=')[0]));
  const options = old.options.filter((option) => !own.has(option.split('=')[0]));
  const columns = new Set(fresh.columns.map((column) => column.name));
  return [
    ...(options.length === 0 ? [] : [`${alter} set (${optionList(options)})`]),
    ...(old.rowSecurity ? [`${alter} enable row level security`] : []),
    ...(old.forceRowSecurity ? [`${alter} force row level security`] : []),
    ...(old.replicaIdentity === 'f' ? [`${alter} replica identity full`] : []),
    ...(old.replicaIdentity === 'n' && fresh.replicaIdentity !== 'n' ? [`${alter} replica identity nothing`] : []),
    ...old.columns
      .filter((column) => column.statistics !== null && columns.has(column.name))
      .map(
        (column) => `${alter} alter column ${quoteIdentifier(column.name)} set statistics ${column.statistics ?? -1}`,
      ),
  ];
}

/** `key=value` options as they stand in pg_class, as a WITH list. */
export function optionList(options: readonly string[]): string {
  return options
    .map((option) => {
      const at = option.indexOf('=');
      return `${option.slice(0, at)}=${quoteLiteral(option.slice(at + 1))}`;
    })
    .join(', ');
}

/**
 * Statements that give the new relation, once it has the old one's name, all that hung on the old one: rights, comments, owner, policies, triggers, rules,
 * statistics, publications and settings. Definitions were read while the old relation still had the name.
 */
export function carryOver(old: InspectedRelation, fresh: InspectedRelation): string[] {
  const isSameKind = old.kind === fresh.kind;
  const alter = `alter ${kindWord(fresh.kind)} ${qualified(old)}`;
  return [
    ...(old.owner === fresh.owner ? [] : [`${alter} owner to ${quoteIdentifier(old.owner)}`]),
    ...carryGrants(old, fresh),
    ...carryComments(old, fresh),
    ...carryTableSettings(old, fresh),
    ...(isSameKind ? old.remakes : []),
    ...(isSameKind ? old.publications : []),
  ];
}

/** The statement that points a view at the relations that now have the names in its definition; its oid, owner, rights and comments stay. */
export function replaceView(view: DependentView): string {
  const options = view.options.length === 0 ? '' : ` with (${optionList(view.options)})`;
  return `create or replace view ${qualified(view)}${options} as\n${(view.definition ?? '').replace(/;\s*$/, '')}`;
}
