import { ChemflowError } from '../error/index.js';
import { dictOf, toText, type PyCallable, type PyDict, type PyValue } from '../jinja/index.js';
import type { Frame } from './frame.js';
import { hostMethod } from './host-method.js';

/** What a raising function says, made of its arguments. */
type Sentence = (words: readonly string[]) => string;

const raising: Readonly<Record<string, { readonly code: string; readonly say: Sentence }>> = {
  raise_compiler_error: { code: 'TEMPLATE.RAISED', say: ([message = '']) => message },
  raise_database_error: { code: 'TEMPLATE.RAISED_DATABASE', say: ([message = '']) => message },
  raise_dependency_error: { code: 'TEMPLATE.RAISED', say: ([message = '']) => message },
  raise_not_implemented: { code: 'TEMPLATE.NOT_IMPLEMENTED', say: ([message = '']) => `ERROR: ${message}` },
  raise_fail_fast_error: { code: 'TEMPLATE.RAISED', say: ([message = '']) => message },
  raise_cache_inconsistent: {
    code: 'TEMPLATE.RAISED',
    say: ([message = '']) => `Cache inconsistency detected: ${message}`,
  },
  missing_config: {
    code: 'TEMPLATE.MISSING_CONFIG',
    say: ([, name = '']) => `The configuration "${name}" is required.`,
  },
  missing_materialization: {
    code: 'TEMPLATE.MISSING_MATERIALIZATION',
    say: ([, type = '']) => `No materialization '${type}' was found for postgres.`,
  },
  missing_relation: { code: 'TEMPLATE.MISSING_RELATION', say: ([relation = '']) => `Relation ${relation} not found!` },
  relation_wrong_type: {
    code: 'TEMPLATE.WRONG_RELATION_TYPE',
    say: ([relation = '', expected = '']) =>
      `Trying to create ${expected} ${relation}, but it exists and is of another type. Drop ${relation}, or run with --full-refresh.`,
  },
  raise_contract_error: {
    code: 'TEMPLATE.CONTRACT',
    say: ([yamlColumns = '', sqlColumns = '']) =>
      `This model has an enforced contract that failed: the contract says ${yamlColumns}, the query gives ${sqlColumns}.`,
  },
  column_type_missing: {
    code: 'TEMPLATE.CONTRACT',
    say: ([columns = '']) => `A contract needs data_type for every column; it is missing for ${columns}.`,
  },
};

const otherRaising = [
  'raise_ambiguous_alias',
  'raise_ambiguous_catalog_match',
  'raise_dataclass_not_dict',
  'raise_dep_not_found',
  'raise_duplicate_patch_name',
  'raise_duplicate_resource_name',
  'raise_invalid_property_yml_version',
];

function raiser(name: string, code: string, say: Sentence): PyCallable {
  return hostMethod(name, ['*'], (call) => {
    const words = [...call.rest, ...call.keywords.values()].map((value: PyValue) => toText(value));
    throw new ChemflowError({ code, message: say(words) });
  });
}

/** `exceptions` of templates: functions that raise an error with the place of their call, and `warn`. */
export function exceptionsOf(frame: Frame): PyDict {
  const functions: Record<string, PyCallable> = {};
  for (const [name, { code, say }] of Object.entries(raising)) functions[name] = raiser(name, code, say);
  for (const name of otherRaising)
    functions[name] = raiser(name, 'TEMPLATE.RAISED', (words) => `${name}: ${words.join(', ')}`);
  functions['warn'] = hostMethod('warn', ['msg', 'node?'], (call) => {
    frame.host.say('warn', call.text('msg') ?? '', 'TEMPLATE.WARN');
    return '';
  });
  functions['warn_snapshot_timestamp_data_types'] = hostMethod('warn_snapshot_timestamp_data_types', ['*'], (call) => {
    const [snapshotTime = '', updatedAt = ''] = [...call.rest, ...call.keywords.values()].map(toText);
    frame.host.say(
      'warn',
      `Data type of snapshot table timestamp columns (${snapshotTime}) doesn't match derived column 'updated_at' (${updatedAt}).`,
    );
    return '';
  });
  return dictOf(functions);
}
