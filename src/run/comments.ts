import { columnsOf, type BuildContext } from '../materializations/index.js';
import type { RelationType } from '../types/index.js';

/** What a node's relation is once it has been published; tables for all that has no kind of its own. */
function publishedType(materialized: string): RelationType {
  return materialized === 'view' || materialized === 'materialized_view' ? materialized : 'table';
}

/** Statements that write the node's descriptions as comments, as `persist_docs` asks; columns that are not there are told, not written. */
export async function commentStatements(context: BuildContext): Promise<string[]> {
  const { node, relation, renderer } = context;
  const { relation: ofRelation, columns: ofColumns } = node.config.persist_docs;
  const call = async (
    name: string,
    value: string | Record<string, { description: string; quote: boolean }>,
  ): Promise<string> =>
    String(
      await renderer.callMacro(node.unique_id, name, [
        { $relation: { ...relation, type: publishedType(node.config.materialized) } },
        value,
      ]),
    ).trim();
  const statements: string[] = [];
  if (ofRelation === true && node.description !== '') {
    statements.push(await call('alter_relation_comment', node.description));
  }
  if (ofColumns === true && Object.keys(node.columns).length > 0) {
    const present = new Set(
      (await columnsOf(context.session, relation.schema, relation.identifier)).map((column) => column.name),
    );
    const documented = Object.values(node.columns).flatMap((column) => {
      const name = column.quote === true || present.has(column.name) ? column.name : column.name.toLowerCase();
      return [{ name, description: column.description }];
    });
    const missing = documented.filter((column) => !present.has(column.name)).map((column) => column.name);
    if (missing.length > 0) {
      context.warn(
        'RUN.UNKNOWN_COLUMN',
        `the following columns are specified in the schema but are not present in the database: ${missing.join(', ')}`,
      );
    }
    const written = documented.filter((column) => present.has(column.name) && column.description !== '');
    if (written.length > 0) {
      const table = Object.fromEntries(
        written.map((column) => [column.name, { description: column.description, quote: true }]),
      );
      statements.push(await call('alter_column_comment', table));
    }
  }
  return statements.filter((statement) => statement !== '');
}
