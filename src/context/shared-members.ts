import { createHash } from 'node:crypto';
import { ChemflowError } from '../error/index.js';
import {
  dictOf,
  dumpJson,
  fromJson,
  HostObject,
  PyDict,
  PySet,
  pythonModules,
  Returned,
  toText,
  tuple,
  typeError,
  isTrue,
  type PyCallable,
  type PyValue,
} from '../jinja/index.js';
import type { Invocation } from '../types/index.js';
import { ColumnClass } from './column-object.js';
import { envVarFunction } from './env-var.js';
import { exceptionsOf } from './exceptions-object.js';
import { FlagsObject } from './flags-object.js';
import type { Frame, Members } from './frame.js';
import { hostMethod } from './host-method.js';
import { itemsOf } from './iterate.js';
import { RelationClass } from './relation-members.js';
import { ScopeView } from './scope-view.js';
import { targetValue } from './target-value.js';
import { varOf } from './var-object.js';
import { dumpYaml, loadYaml } from './yaml-values.js';
import { instantValue } from './instant-value.js';

/** The version of dbt whose behaviour chemflow follows; packages compare it. */
const dbtVersion = '1.12.3';

/** The value of `work`, or the caller's default (none) where it throws, as dbt's own functions do. */
function orDefault(work: () => PyValue, fallback: PyValue | undefined): PyValue {
  try {
    return work();
  } catch {
    return fallback ?? null;
  }
}

const fromjson = hostMethod('fromjson', ['string', 'default?'], (call) =>
  orDefault(() => fromJson(JSON.parse(call.text('string') ?? '')), call.get('default')),
);
const tojson = hostMethod('tojson', ['value', 'default?', 'sort_keys?'], (call) =>
  orDefault(
    () => dumpJson(call.get('value') ?? null, { sortKeys: isTrue(call.get('sort_keys') ?? false) }),
    call.get('default'),
  ),
);
const fromyaml = hostMethod('fromyaml', ['value', 'default?'], (call) =>
  orDefault(() => loadYaml(call.text('value') ?? ''), call.get('default')),
);
const toyaml = hostMethod('toyaml', ['value', 'default?', 'sort_keys?'], (call) =>
  orDefault(() => dumpYaml(call.get('value') ?? null, isTrue(call.get('sort_keys') ?? false)), call.get('default')),
);

function zipped(lists: readonly PyValue[]): PyValue {
  const columns = lists.map((list) => [...itemsOf(list)]);
  const length = columns.length === 0 ? 0 : Math.min(...columns.map((column) => column.length));
  return Array.from({ length }, (_, index) => tuple(columns.map((column) => column[index] ?? null)));
}

const zip = hostMethod('zip', ['*'], (call) => orDefault(() => zipped(call.rest), call.keywords.get('default')));
const zipStrict = hostMethod('zip_strict', ['*'], (call) => zipped(call.rest));
const set = hostMethod('set', ['value?', 'default?'], (call) =>
  orDefault(() => new PySet(itemsOf(call.get('value') ?? [])), call.get('default')),
);
const setStrict = hostMethod('set_strict', ['value'], (call) => new PySet(itemsOf(call.get('value') ?? null)));

const localMd5 = hostMethod('local_md5', ['value'], (call) =>
  createHash('md5')
    .update(call.text('value') ?? '')
    .digest('hex'),
);

const diffOfTwoDicts = hostMethod('diff_of_two_dicts', ['dict_a', 'dict_b'], (call) => {
  const [left, right] = [call.get('dict_a'), call.get('dict_b')];
  if (!(left instanceof PyDict) || !(right instanceof PyDict)) throw typeError('diff_of_two_dicts() takes two dicts');
  const lowered = (dict: PyDict): Map<string, readonly PyValue[]> =>
    new Map(Array.from(dict, ([key, items]) => [toText(key).toLowerCase(), [...itemsOf(items)]]));
  const known = lowered(right);
  const difference = new PyDict();
  for (const [key, items] of lowered(left)) {
    const others = new Set((known.get(key) ?? []).map((item) => toText(item).toLowerCase()));
    const missing = items.filter((item) => !others.has(toText(item).toLowerCase()));
    if (missing.length > 0) difference.set(key, missing);
  }
  return difference;
});

const returnFunction = hostMethod('return', ['data?'], (call) => {
  throw new Returned(call.get('data') ?? null);
});

const tryOrCompilerError = hostMethod('try_or_compiler_error', ['message_if_exception', 'func', '*'], (call) => {
  const callable = call.get('func');
  if (typeof callable !== 'function') throw typeError('try_or_compiler_error() takes a function');
  try {
    return callable(call.rest, call.keywords);
  } catch (cause) {
    if (cause instanceof Returned) throw cause;
    throw new ChemflowError({ code: 'TEMPLATE.RAISED', message: call.text('message_if_exception') ?? '', cause });
  }
});

/** `validation.any[...]`: dbt checks types here; chemflow lets every value pass. */
class AnyValidator extends HostObject {
  override toText(): string {
    return '<validation.any>';
  }
  override getAttribute(): PyValue | undefined {
    return undefined;
  }
  override getItem(): PyValue {
    return hostMethod('validator', ['value'], (call) => call.get('value') ?? null);
  }
}

function logFunction(frame: Frame): PyCallable {
  return hostMethod('log', ['msg', 'info?'], (call) => {
    frame.host.say(isTrue(call.get('info') ?? false) ? 'info' : 'debug', call.text('msg') ?? 'None', 'TEMPLATE.LOG');
    return '';
  });
}

function printFunction(frame: Frame): PyCallable {
  return hostMethod('print', ['msg?'], (call) => {
    frame.host.say('info', call.text('msg') ?? 'None', 'TEMPLATE.PRINT');
    return '';
  });
}

function unavailable(name: string, hint: string): PyCallable {
  return hostMethod(name, ['*'], () => {
    throw new ChemflowError({ code: 'TEMPLATE.NOT_IMPLEMENTED', message: `${name}() is not available.`, hint });
  });
}

/** The invocation, for what is different in each one. */
function ofTheMoment(frame: Frame): Invocation {
  if (frame.host.reads !== undefined) frame.host.reads.isOfTheMoment = true;
  return frame.host.invocation;
}

/** The names that every template sees, in each phase. */
export const sharedMembers: Members<Frame> = {
  dbt_version: () => dbtVersion,
  var: varOf,
  env_var: ({ host, overrides }) =>
    envVarFunction(host.env, { allowSecrets: false, overrides: overrides.envVars, reads: host.reads }),
  return: () => returnFunction,
  fromjson: () => fromjson,
  tojson: () => tojson,
  fromyaml: () => fromyaml,
  toyaml: () => toyaml,
  set: () => set,
  set_strict: () => setStrict,
  zip: () => zip,
  zip_strict: () => zipStrict,
  log: logFunction,
  print: printFunction,
  run_started_at: (frame) => instantValue(ofTheMoment(frame).startedAt),
  invocation_id: (frame) => ofTheMoment(frame).id,
  thread_id: () => 'Thread-1 (worker)',
  flags: ({ host }) => new FlagsObject(host.project, host.invocation, host.reads),
  diff_of_two_dicts: () => diffOfTwoDicts,
  local_md5: () => localMd5,
  debug: () => hostMethod('debug', [], () => ''),
  modules: () => pythonModules(),
  target: (frame) => targetValue(frame.host.project.target),
  env: (frame) => targetValue(frame.host.project.target),
  project_name: (frame) => frame.host.project.root.name,
  dbt_metadata_envs: (frame) => {
    ofTheMoment(frame);
    return metadataEnvironment(frame.host.env);
  },
  exceptions: exceptionsOf,
  api: () => dictOf({ Relation: new RelationClass(), Column: new ColumnClass() }),
  column: () => new ColumnClass(),
  context: (frame) => new ScopeView(frame.scope),
  execute: (frame) => frame.execute,
  validation: () => dictOf({ any: new AnyValidator() }),
  try_or_compiler_error: () => tryOrCompilerError,
  invocation_args_dict: ({ host }) => {
    if (host.reads !== undefined) host.reads.hasArguments = true;
    return fromJson({ ...host.invocation.flags.args, which: host.invocation.flags.which });
  },
  write: () => hostMethod('write', ['payload'], () => ''),
  submit_python_job: () => unavailable('submit_python_job', 'PostgreSQL runs SQL models only'),
  adapter_macro: () => unavailable('adapter_macro', "use adapter.dispatch('name', 'package')(...)"),
  metric: () => unavailable('metric', 'metrics are not part of chemflow'),
};

function metadataEnvironment(env: Readonly<Record<string, string | undefined>>): PyValue {
  const prefixes = ['DBT_ENV_CUSTOM_ENV_', 'DBT_ENGINE_CUSTOM_ENV_'];
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(env)) {
    const prefix = prefixes.find((candidate) => name.startsWith(candidate));
    if (prefix !== undefined && value !== undefined) entries.push([name.slice(prefix.length), value]);
  }
  return new PyDict(entries);
}
