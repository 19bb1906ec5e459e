import type { ExecutableNode, Relation } from '../types/index.js';
import { maximumIdentifierBytes, suffixedName } from '../util/identifier-length.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** Bytes that the names of temporary objects take at most, so that an extension may append a shard's number. */
const temporaryNameBytes = 55;

const buildSuffix = '__chemflow_build';

/** The relation that a node builds: the one mapping of resources to relations. A part that the project does not quote is folded as PostgreSQL folds it. */
export function relationOf(node: ExecutableNode): Relation {
  const fold = (part: string): string =>
    node.relation_name === null || node.relation_name.includes(quoteIdentifier(part)) ? part : part.toLowerCase();
  return { database: node.database, schema: fold(node.schema), identifier: fold(node.alias) };
}

/** A relation's name in SQL, every part quoted. */
export function renderRelation(relation: Relation): string {
  return `${quoteIdentifier(relation.schema)}.${quoteIdentifier(relation.identifier)}`;
}

/** The relation under whose name `relation` is built before it is published. */
export function buildRelation(relation: Relation): Relation {
  return { ...relation, identifier: suffixedName(relation.identifier, buildSuffix) };
}

/** The name that an index has while its relation is built. */
export function buildIndexName(name: string): string {
  return suffixedName(name, buildSuffix, maximumIdentifierBytes);
}

/** Is this the name of a relation that a run left unfinished? */
export function isBuildName(name: string): boolean {
  return name.endsWith(buildSuffix);
}

/** A session's own table beside `relation`; it is gone with the transaction. */
export function temporaryRelation(relation: Relation, suffix = '__chemflow_tmp'): Relation {
  return {
    ...relation,
    database: '',
    schema: 'pg_temp',
    identifier: suffixedName(relation.identifier, suffix, temporaryNameBytes),
  };
}
