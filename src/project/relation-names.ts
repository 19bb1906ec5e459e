import type { ParseNode, TemplateEngine } from '../context/index.js';
import type { JsonObject, Project, Relation } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** Gives resources their database, schema and alias, as the project's generate_*_name macros say. */
export interface RelationNamer {
  name(
    node: ParseNode,
    config: JsonObject,
  ): { readonly database: string; readonly schema: string; readonly alias: string };
}

type NameKind = 'database' | 'schema' | 'alias';

function text(value: unknown): string | null {
  return value === undefined || value === null || value === '' ? null : String(value as string);
}

/**
 * Makes the namer. Where a project overrides nothing, the built-in rules are applied without calling their macros, and
 * a project's macro that never looks at its node is asked once for each custom name: a thousand models have few schemas.
 */
export function createRelationNamer(project: Project, engine: TemplateEngine): RelationNamer {
  const { target } = project;
  const isBuiltin = new Map<string, boolean>();
  const known = new Map<string, string>();

  const macroOf = (kind: NameKind, packageName: string) => engine.findMacro(`generate_${kind}_name`, null, packageName);

  const hasBuiltinRule = (kind: NameKind, packageName: string): boolean => {
    const key = `${kind} ${packageName}`;
    const cached = isBuiltin.get(key);
    if (cached !== undefined) return cached;
    const owners = [packageName, project.root.name].flatMap((owner) => [
      macroOf(kind, owner)?.package_name,
      engine.findMacro(`default__generate_${kind}_name`, null, owner)?.package_name,
      engine.findMacro(`postgres__generate_${kind}_name`, null, owner)?.package_name,
    ]);
    const result = owners.every((owner) => owner === undefined || owner === 'dbt' || owner === 'dbt_postgres');
    isBuiltin.set(key, result);
    return result;
  };

  const looksAtNode = (kind: NameKind, packageName: string): boolean => {
    const source = macroOf(kind, packageName)?.macro_sql ?? '';
    const body = source.slice(source.indexOf('%}'));
    return kind === 'alias' || /\b(?:node|model|this|dispatch|kwargs|varargs)\b/.test(body);
  };

  const builtinRule = (kind: NameKind, custom: string | null, node: ParseNode, config: JsonObject): string => {
    if (kind === 'database') return custom?.trim() ?? target.connection.database;
    if (kind === 'schema') return custom === null ? target.schema : `${target.schema}_${custom.trim()}`;
    const version = text(config['version']);
    return custom?.trim() ?? (version === null ? node.name : `${node.name}_v${version.replaceAll('.', '_')}`);
  };

  const nameOf = (kind: NameKind, custom: string | null, node: ParseNode, config: JsonObject): string => {
    if (hasBuiltinRule(kind, node.package_name)) return builtinRule(kind, custom, node, config);
    if (looksAtNode(kind, node.package_name)) return engine.generateName(kind, custom, node);
    const key = `${kind} ${node.package_name} ${custom === null ? '' : `=${custom}`}`;
    const name = known.get(key) ?? engine.generateName(kind, custom, node);
    known.set(key, name);
    return name;
  };

  return {
    name: (node, config) => ({
      database: nameOf('database', text(config['target_database']) ?? text(config['database']), node, config),
      // dbt's older snapshots say where they are by themselves, past every macro.
      schema: text(config['target_schema']) ?? nameOf('schema', text(config['schema']), node, config),
      alias: nameOf('alias', text(config['alias']), node, config),
    }),
  };
}

/** A relation's name in SQL, with the parts quoted that the project does not leave bare. */
export function quotedName(relation: Relation, quoting: JsonObject): string {
  const part = (key: 'database' | 'schema' | 'identifier'): string =>
    quoting[key] === false ? relation[key] : quoteIdentifier(relation[key]);
  return `${part('database')}.${part('schema')}.${part('identifier')}`;
}
