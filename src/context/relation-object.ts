import { dictOf, HostObject, isTrue, PyDict, toText, typeError, type Keywords, type PyValue } from '../jinja/index.js';
import type { JsonObject, Relation, RelationType } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';

/** The parts of a relation's name. */
export type NamePart = 'database' | 'schema' | 'identifier';
/** For which parts of a name something holds. */
export type NamePolicy = Readonly<Record<NamePart, boolean>>;

/** What a relation object is made of. */
export interface RelationParts extends Readonly<Record<NamePart, string | null>> {
  readonly type: RelationType | null;
  readonly quote: NamePolicy;
  readonly include: NamePolicy;
  /** Rows that the relation may give (`--empty` renders a sub-query of 0 rows), or null. */
  readonly limit: number | null;
}

/** The parts of a name in their order. */
export const nameParts: readonly NamePart[] = ['database', 'schema', 'identifier'];
const everyPart: NamePolicy = { database: true, schema: true, identifier: true };
const relationTypes = ['table', 'view', 'cte', 'materialized_view', 'external', 'function'] as const;

/** Methods and attributes of relations by name; `relation-members.ts` fills it. */
export type RelationMember = (self: RelationObject) => PyValue;

/** The relation of a template (dbt's `Relation`): it prints as its quoted name, and makes changed copies of itself. */
export class RelationObject extends HostObject {
  constructor(
    readonly parts: RelationParts,
    readonly members: Readonly<Record<string, RelationMember>>,
  ) {
    super();
  }

  override get pyType(): string {
    return 'PostgresRelation';
  }

  /** The same relation but for what is named. */
  with(change: Partial<RelationParts>): RelationObject {
    return new RelationObject({ ...this.parts, ...change }, this.members);
  }

  /** The name in SQL, whatever the limit. */
  renderName(): string {
    const { parts } = this;
    const words: string[] = [];
    for (const part of nameParts) {
      const word = parts[part];
      if (word === null || word === '' || !parts.include[part]) continue;
      words.push(parts.quote[part] ? quoteIdentifier(word) : word);
    }
    return words.join('.');
  }

  override toText(): string {
    const { limit, identifier } = this.parts;
    if (limit === null) return this.renderName();
    const condition = limit === 0 ? 'where false limit 0' : `limit ${limit}`;
    return `(select * from ${this.renderName()} ${condition}) _dbt_limit_subq_${identifier ?? ''}`;
  }

  override toRepr(): string {
    return `<PostgresRelation ${this.toText()}>`;
  }

  /** The plain data of it; parts that are not printed are blank. */
  toRelation(): Relation {
    const { parts } = this;
    const text = (part: NamePart): string => (parts.include[part] ? (parts[part] ?? '') : '');
    return {
      database: text('database'),
      schema: text('schema'),
      identifier: text('identifier'),
      ...(parts.type === null ? {} : { type: parts.type }),
    };
  }

  override equals(other: PyValue): boolean {
    return other instanceof RelationObject && other.hashKey() === this.hashKey();
  }

  override hashKey(): string {
    return JSON.stringify(this.parts);
  }

  override toJsonValue(): unknown {
    return this.toText();
  }

  override getItem(key: PyValue): PyValue | undefined {
    return typeof key === 'string' ? this.getAttribute(key) : undefined;
  }

  override getAttribute(name: string): PyValue | undefined {
    return Object.hasOwn(this.members, name) ? this.members[name]?.(this) : undefined;
  }
}

/** A policy with the flags that are given (not none) changed. */
export function changePolicy(policy: NamePolicy, given: (part: NamePart) => PyValue | undefined): NamePolicy {
  const flag = (part: NamePart): boolean => {
    const value = given(part);
    return value === undefined || value === null ? policy[part] : isTrue(value);
  };
  return { database: flag('database'), schema: flag('schema'), identifier: flag('identifier') };
}

/** A value of a dict or of an object, by key. */
export function valueOf(holder: PyValue | undefined, key: string): PyValue | undefined {
  if (holder instanceof PyDict) return holder.get(key);
  if (holder instanceof HostObject) return holder.getAttribute(key) ?? holder.getItem?.(key);
  return undefined;
}

/** The type of relation that a template named; JINJA.TYPE for an unknown one. */
export function relationType(value: PyValue | undefined): RelationType | null {
  if (value === undefined || value === null) return null;
  const text = toText(value);
  const type = relationTypes.find((candidate) => candidate === text);
  if (type === undefined) throw typeError(`'${text}' is not a type of relation (${relationTypes.join(', ')})`);
  return type;
}

/** The parts of a relation that keyword arguments of `Relation.create` describe. */
export function partsOf(keywords: Keywords): RelationParts {
  const text = (name: string): string | null => {
    const value = keywords.get(name);
    return value === undefined || value === null ? null : toText(value);
  };
  const path = keywords.get('path');
  const part = (name: NamePart): string | null => {
    const inPath = valueOf(path, name);
    return text(name) ?? (inPath === undefined || inPath === null ? null : toText(inPath));
  };
  return {
    database: part('database'),
    schema: part('schema'),
    identifier: part('identifier') ?? text('table_name'),
    type: relationType(keywords.get('type')),
    quote: changePolicy(everyPart, (name) => valueOf(keywords.get('quote_policy'), name)),
    include: changePolicy(everyPart, (name) => valueOf(keywords.get('include_policy'), name)),
    limit: null,
  };
}

/** The parts of a relation given as plain data; a blank part is not printed, as in the name of a temporary table. */
export function partsOfRelation(
  relation: Relation,
  quoting: JsonObject = {},
  limit: number | null = null,
): RelationParts {
  const isQuoted = (part: NamePart): boolean => quoting[part] !== false;
  return {
    database: relation.database === '' ? null : relation.database,
    schema: relation.schema === '' ? null : relation.schema,
    identifier: relation.identifier === '' ? null : relation.identifier,
    type: relation.type ?? null,
    quote: { database: isQuoted('database'), schema: isQuoted('schema'), identifier: isQuoted('identifier') },
    include: everyPart,
    limit,
  };
}

/** A policy as a dict. */
export function policyDict(policy: NamePolicy): PyDict {
  return dictOf({ ...policy });
}
