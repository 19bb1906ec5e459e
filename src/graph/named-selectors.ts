import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChemflowError, didYouMean } from '../error/index.js';
import type { Json, JsonObject } from '../types/index.js';
import { yamlPackage } from '../util/yaml-package.js';
import { parseCriterion, parseSelection } from './parse-selection.js';
import type { Criterion, IndirectSelection, Selection } from './selection-types.js';

/** A selector of selectors.yml. */
export interface NamedSelector {
  readonly name: string;
  readonly description: string;
  /** Is it the one that is used where nothing is selected? */
  readonly isDefault: boolean;
  readonly selection: Selection;
}

const definitionKeys = [
  'method',
  'value',
  'children',
  'parents',
  'children_depth',
  'parents_depth',
  'childrens_parents',
  'indirect_selection',
  'exclude',
];

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fail(message: string, hint?: string): ChemflowError {
  return new ChemflowError({ code: 'SELECT.DEFINITION', message, hint });
}

function combine(kind: 'union' | 'intersection', name: string, value: Json): Selection {
  if (!Array.isArray(value)) throw fail(`"${kind}" of selector "${name}" is not a list.`);
  const parts: Selection[] = [];
  const excluded: Selection[] = [];
  for (const part of value as readonly Json[]) {
    if (isObject(part) && part['exclude'] !== undefined && Object.keys(part).length === 1)
      excluded.push(combine('union', name, part['exclude']));
    else parts.push(readDefinition(name, part));
  }
  const whole: Selection = { kind, parts };
  return excluded.length === 0
    ? whole
    : { kind: 'difference', from: whole, without: { kind: 'union', parts: excluded } };
}

function readDefinition(name: string, definition: Json): Selection {
  if (typeof definition === 'string') return parseSelection([definition]);
  if (!isObject(definition)) throw fail(`The definition of selector "${name}" is neither a text nor a mapping.`);
  if (definition['union'] !== undefined) return combine('union', name, definition['union']);
  if (definition['intersection'] !== undefined) return combine('intersection', name, definition['intersection']);
  if (definition['method'] === undefined) {
    const [[method, value] = ['', null], ...others] = Object.entries(definition);
    if (method === '' || others.length > 0 || typeof value === 'object')
      throw fail(
        `The definition of selector "${name}" has no method.`,
        'write method: and value:, or one line such as tag: daily',
      );
    return { kind: 'criterion', criterion: parseCriterion(`${method}:${String(value)}`) };
  }
  const unknown = Object.keys(definition).find((key) => !definitionKeys.includes(key));
  if (unknown !== undefined)
    throw fail(`Selector "${name}" has the unknown key "${unknown}".`, didYouMean(unknown, definitionKeys));
  const depth = (flag: Json | undefined, limit: Json | undefined): number =>
    flag !== true ? 0 : typeof limit === 'number' ? limit : Infinity;
  const [method = '', ...words] = String(definition['method']).split('.');
  const criterion: Criterion = {
    text: `${String(definition['method'])}:${String(definition['value'])}`,
    method,
    words,
    value: String(definition['value']),
    parents: depth(definition['parents'], definition['parents_depth']),
    children: depth(definition['children'], definition['children_depth']),
    withBuilders: definition['childrens_parents'] === true,
  };
  const indirect = definition['indirect_selection'] as IndirectSelection | undefined;
  const whole: Selection = { kind: 'criterion', criterion, indirect };
  return definition['exclude'] === undefined
    ? whole
    : { kind: 'difference', from: whole, without: combine('union', name, definition['exclude']) };
}

/** Reads selectors.yml of a project's folder, none where there is no such file; throws `SELECT.DEFINITION`. */
export function readSelectors(projectDir: string): NamedSelector[] {
  const path = join(projectDir, 'selectors.yml');
  if (!existsSync(path)) return [];
  const document = yamlPackage().parseDocument(readFileSync(path, 'utf8'));
  const [error] = document.errors;
  if (error !== undefined) throw fail(`selectors.yml is not YAML: ${error.message.split('\n')[0] ?? ''}`);
  const value = document.toJS() as Json;
  const entries = isObject(value) ? value['selectors'] : undefined;
  if (!Array.isArray(entries)) throw fail('selectors.yml has no list "selectors".');
  const selectors = (entries as readonly Json[]).map((entry): NamedSelector => {
    if (!isObject(entry) || typeof entry['name'] !== 'string' || entry['definition'] === undefined)
      throw fail('A selector needs a name and a definition.');
    return {
      name: entry['name'],
      description: typeof entry['description'] === 'string' ? entry['description'] : '',
      isDefault: entry['default'] === true,
      selection: readDefinition(entry['name'], entry['definition']),
    };
  });
  const [, second] = selectors.filter((selector) => selector.isDefault);
  if (second !== undefined) throw fail(`Selector "${second.name}" is the second one with default: true.`);
  return selectors;
}
