import { dictOf, HostObject, toText, type PyValue } from '../jinja/index.js';
import type { JsonObject, Relation, RelationType } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { hostMethod, type CallArguments } from './host-method.js';
import {
  changePolicy,
  nameParts,
  partsOf,
  partsOfRelation,
  policyDict,
  RelationObject,
  relationType,
  valueOf,
  type NamePart,
  type RelationMember,
  type RelationParts,
} from './relation-object.js';

const typeConstants: Readonly<Record<string, RelationType>> = {
  Table: 'table',
  View: 'view',
  CTE: 'cte',
  MaterializedView: 'materialized_view',
  External: 'external',
  Function: 'function',
};
/** Longest identifier of PostgreSQL, in bytes. */
const longestName = 63;
const renameable = ['table', 'view', 'materialized_view'];
const replaceable = ['table', 'view'];

const isType = (type: RelationType): RelationMember => {
  return (self) => self.parts.type === type;
};

const attributes: Readonly<Record<string, RelationMember>> = {
  database: (self) => self.parts.database,
  schema: (self) => self.parts.schema,
  identifier: (self) => self.parts.identifier,
  table: (self) => self.parts.identifier,
  name: (self) => self.parts.identifier,
  type: (self) => self.parts.type,
  path: (self) => pathDict(self.parts),
  quote_policy: (self) => policyDict(self.parts.quote),
  include_policy: (self) => policyDict(self.parts.include),
  quote_character: () => '"',
  limit: (self) => self.parts.limit,
  is_table: isType('table'),
  is_view: isType('view'),
  is_cte: isType('cte'),
  is_materialized_view: isType('materialized_view'),
  is_function: isType('function'),
  is_pointer: () => false,
  can_be_renamed: (self) => renameable.includes(self.parts.type ?? ''),
  can_be_replaced: (self) => replaceable.includes(self.parts.type ?? ''),
  renameable_relations: () => [...renameable],
  replaceable_relations: () => [...replaceable],
  ...Object.fromEntries(Object.entries(typeConstants).map(([name, type]) => [name, () => type])),
};

const noQuotes = { database: false, schema: false, identifier: false };

const methods: Readonly<Record<string, RelationMember>> = {
  render: (self) => hostMethod('render', [], () => self.renderName()),
  render_limited: (self) => hostMethod('render_limited', [], () => self.toText()),
  include: (self) =>
    hostMethod('include', ['database?', 'schema?', 'identifier?'], (call) =>
      self.with({ include: changePolicy(self.parts.include, call.get) }),
    ),
  quote: (self) =>
    hostMethod('quote', ['database?', 'schema?', 'identifier?'], (call) =>
      self.with({ quote: changePolicy(self.parts.quote, call.get) }),
    ),
  incorporate: (self) => hostMethod('incorporate', ['*'], (call) => incorporate(self, call)),
  replace_path: (self) =>
    hostMethod('replace_path', ['database?', 'schema?', 'identifier?'], (call) => self.with(pathChange(call.get))),
  without_identifier: (self) =>
    hostMethod('without_identifier', [], () => self.with({ include: { ...self.parts.include, identifier: false } })),
  without_quote: (self) => hostMethod('without_quote', [], () => self.with({ quote: noQuotes })),
  information_schema: (self) =>
    hostMethod('information_schema', ['view_name?'], (call) => informationSchema(self, call.text('view_name'))),
  information_schema_only: (self) => hostMethod('information_schema_only', [], () => informationSchema(self, null)),
  matches: (self) =>
    hostMethod('matches', ['database?', 'schema?', 'identifier?'], (call) =>
      nameParts.every((part) => (call.text(part) ?? self.parts[part]) === self.parts[part]),
    ),
  get: (self) =>
    hostMethod('get', ['key', 'default?'], (call) => {
      const key = call.text('key') ?? '';
      if (key === 'metadata') return dictOf({ type: 'PostgresRelation' });
      return attributes[key]?.(self) ?? call.get('default') ?? null;
    }),
  quoted: () => hostMethod('quoted', ['identifier'], (call) => quoteIdentifier(call.text('identifier') ?? '')),
  relation_max_name_length: () => hostMethod('relation_max_name_length', [], () => longestName),
  create: () => hostMethod('create', ['*'], (call) => new RelationObject(partsOf(call.keywords), relationMembers)),
  add_ephemeral_prefix: () =>
    hostMethod('add_ephemeral_prefix', ['name'], (call) => ephemeralName(call.text('name') ?? '')),
  to_dict: (self) => hostMethod('to_dict', ['*'], () => dictOf({ path: pathDict(self.parts), type: self.parts.type })),
};

const relationMembers: Readonly<Record<string, RelationMember>> = { ...attributes, ...methods };

function pathDict(parts: RelationParts): PyValue {
  return dictOf({ database: parts.database, schema: parts.schema, identifier: parts.identifier });
}

function pathChange(given: (part: NamePart) => PyValue | undefined): Partial<RelationParts> {
  const change: Partial<Record<NamePart, string | null>> = {};
  for (const part of nameParts) {
    const value = given(part);
    if (value !== undefined) change[part] = value === null ? null : toText(value);
  }
  return change;
}

function incorporate(self: RelationObject, { keywords }: CallArguments): RelationObject {
  const { parts } = self;
  const path = keywords.get('path');
  return self.with({
    ...pathChange((part) => keywords.get(part) ?? valueOf(path, part)),
    ...(keywords.has('type') ? { type: relationType(keywords.get('type')) } : {}),
    ...(keywords.has('limit') ? { limit: keywords.get('limit') === 0 ? 0 : null } : {}),
    quote: changePolicy(parts.quote, (part) => valueOf(keywords.get('quote_policy'), part)),
    include: changePolicy(parts.include, (part) => valueOf(keywords.get('include_policy'), part)),
  });
}

function informationSchema(self: RelationObject, view: string | null): RelationObject {
  return self.with({
    schema: 'INFORMATION_SCHEMA',
    identifier: view,
    type: 'view',
    quote: { database: true, schema: false, identifier: false },
    include: { database: self.parts.database !== null, schema: true, identifier: view !== null },
    limit: null,
  });
}

function ephemeralName(name: string): string {
  return `__dbt__cte__${name}`;
}

/** A relation object of plain data; a blank part is not printed, as in the name of a temporary table. */
export function relationObject(
  relation: Relation,
  options: { readonly quoting?: JsonObject | undefined; readonly limit?: number | null } = {},
): RelationObject {
  return new RelationObject(partsOfRelation(relation, options.quoting, options.limit), relationMembers);
}

/** The name by which a query reads an ephemeral parent: its CTE. */
export function ephemeralRelation(name: string): RelationObject {
  return cteRelation(ephemeralName(name));
}

/** A CTE as a relation. One that stands for another relation prints its own name and still tells the other's schema. */
export function cteRelation(
  name: string,
  instead: { readonly database: string; readonly schema: string } = { database: '', schema: '' },
): RelationObject {
  const { database, schema } = instead;
  const relation = relationObject(
    { database, schema, identifier: name, type: 'cte' },
    { quoting: { identifier: false } },
  );
  return relation.with({ include: { database: false, schema: false, identifier: true } });
}

/** `api.Relation` of templates: `create(...)`, the names of the types, `add_ephemeral_prefix`. */
export class RelationClass extends HostObject {
  override toText(): string {
    return "<class 'PostgresRelation'>";
  }

  override getAttribute(name: string): PyValue | undefined {
    if (name === 'get_relation_type') return new RelationTypes();
    if (name === 'create_from')
      return hostMethod('create_from', ['quoting', 'relation_config', '*'], (call) => {
        const text = (key: string): string => toText(valueOf(call.get('relation_config'), key) ?? '');
        const identifier = text('alias') === '' ? text('identifier') : text('alias');
        return relationObject({ database: text('database'), schema: text('schema'), identifier });
      });
    return relationObject({ database: '', schema: '', identifier: '' }).getAttribute(name);
  }
}

class RelationTypes extends HostObject {
  override toText(): string {
    return "<enum 'RelationType'>";
  }

  override getAttribute(name: string): PyValue | undefined {
    return typeConstants[name];
  }

  override call(args: readonly PyValue[]): PyValue {
    return relationType(args[0]);
  }
}
