import type { Json, JsonObject } from '../types/index.js';

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function list(value: Json | undefined): string {
  return Array.isArray(value) ? value.join(', ') : '';
}

function reference(constraint: JsonObject): string {
  const to = text(constraint['to']);
  if (to !== '') return `references ${to} (${list(constraint['to_columns'])})`;
  return `references ${text(constraint['expression'])}`;
}

/** A column's constraint as SQL; null for a type that is none of dbt's. */
export function columnConstraint(constraint: JsonObject): string | null {
  const expression = text(constraint['expression']);
  switch (constraint['type']) {
    case 'check':
      return expression === '' ? null : `check (${expression})`;
    case 'not_null':
      return `not null ${expression}`.trim();
    case 'unique':
      return `unique ${expression}`.trim();
    case 'primary_key':
      return `primary key ${expression}`.trim();
    case 'foreign_key':
      return reference(constraint);
    case 'custom':
      return expression === '' ? null : expression;
    default:
      return null;
  }
}

/** A constraint over several columns as SQL; null for a type that is none of dbt's. */
export function modelConstraint(constraint: JsonObject): string | null {
  const name = text(constraint['name']);
  const prefix = name === '' ? '' : `constraint ${name} `;
  const expression = text(constraint['expression']);
  const tail = expression === '' ? '' : ` ${expression}`;
  const columns = list(constraint['columns']);
  switch (constraint['type']) {
    case 'check':
      return expression === '' ? null : `${prefix}check (${expression})`;
    case 'unique':
      return `${prefix}unique (${columns})${tail}`;
    case 'primary_key':
      return `${prefix}primary key (${columns})${tail}`;
    case 'foreign_key':
      return `${prefix}foreign key (${columns}) ${reference(constraint)}`;
    case 'custom':
      return expression === '' ? null : `${prefix}${expression}`;
    default:
      return null;
  }
}
