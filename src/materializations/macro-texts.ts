import type { ExecutableNode, JsonObject, MacroValue, NodeRenderer, Relation } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** SQL texts from dispatched macros, for one node. */
export interface MacroTexts {
  createTable(relation: Relation, sql: string, temporary?: boolean): Promise<string>;
  createView(relation: Relation, sql: string): Promise<string>;
  /** CREATE OR REPLACE VIEW, or undefined where the project writes its own text for views and only that may be used. */
  replaceView(relation: Relation, sql: string): Promise<string | undefined>;
  createMaterializedView(relation: Relation, sql: string): Promise<string>;
  createIndex(relation: Relation, definition: JsonObject, name: string): Promise<string>;
}

/** Macro texts for the nodes of one run: rendered once for all nodes where neither the project nor the node's own configuration has a say in them. */
export type MacroTextsFor = (node: ExecutableNode) => MacroTexts;

const schemaMark = 'chemflow_schema_mark';
const nameMark = 'chemflow_name_mark';
const sqlMark = 'chemflow_sql_mark';
const marks = new RegExp(`"?(${schemaMark}|${nameMark}|${sqlMark})"?`, 'g');

/** Configuration that the texts depend on beside their arguments. */
function variant(node: ExecutableNode): string | undefined {
  const { sql_header, contract, unlogged, quoting } = node.config;
  const isEnforced =
    typeof contract === 'object' && contract !== null && 'enforced' in contract && contract.enforced === true;
  if (sql_header !== undefined && sql_header !== null) return undefined;
  return isEnforced ? undefined : JSON.stringify([unlogged === true, quoting]);
}

/** The texts of one run, through its renderer. */
export function createMacroTexts(renderer: NodeRenderer): MacroTextsFor {
  const cache = new Map<string, Promise<string>>();
  const isOverridden = (...names: readonly string[]): boolean =>
    names.some((name) => [name, `default__${name}`, `postgres__${name}`].some((full) => renderer.isOverridden(full)));

  const call = async (id: string, name: string, args: readonly MacroValue[]): Promise<string> => {
    const value = await renderer.callMacro(id, name, args);
    return typeof value === 'string' ? value.trim() : String(value);
  };

  /** Renders `name` with marks instead of the relation and the SQL, once, and puts them in. */
  const text = async (
    node: ExecutableNode,
    names: readonly string[],
    relation: Relation,
    sql: string,
    before: readonly MacroValue[] = [],
  ): Promise<string> => {
    const [name = ''] = names;
    const kind = variant(node);
    if (kind === undefined || isOverridden(...names)) {
      return call(node.unique_id, name, [...before, { $relation: relation }, sql]);
    }
    const key = JSON.stringify([name, before, kind, relation.database]);
    const marked = { $relation: { ...relation, schema: schemaMark, identifier: nameMark } };
    let template = cache.get(key);
    if (template === undefined) {
      template = call(node.unique_id, name, [...before, marked, sqlMark]);
      cache.set(key, template);
    }
    const parts: Record<string, string> = {
      [schemaMark]: quoteIdentifier(relation.schema),
      [nameMark]: quoteIdentifier(relation.identifier),
      [sqlMark]: sql,
    };
    return (await template).replaceAll(marks, (_whole, mark: string) => parts[mark] ?? '');
  };

  return (node) => ({
    createTable: (relation, sql, temporary = false) =>
      text(node, ['get_create_table_as_sql', 'create_table_as'], relation, sql, [temporary]),
    createView: (relation, sql) => text(node, ['get_create_view_as_sql', 'create_view_as'], relation, sql),
    replaceView: async (relation, sql) =>
      isOverridden('get_create_view_as_sql', 'create_view_as')
        ? undefined
        : text(node, ['get_replace_view_sql'], relation, sql),
    createMaterializedView: (relation, sql) => text(node, ['get_create_materialized_view_as_sql'], relation, sql),
    createIndex: (relation, definition, name) =>
      call(node.unique_id, 'get_create_index_sql', [{ $relation: relation }, { ...definition, name }]),
  });
}
