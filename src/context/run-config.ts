import { ChemflowError, didYouMean } from '../error/index.js';
import { fromJson, HostObject, isTrue, PyDict, type Keywords, type PyValue } from '../jinja/index.js';
import { hostMethod, type CallArguments } from './host-method.js';
import type { RunFrame, RunNode } from './run-frame.js';

/** A value of a node's configuration, undefined where the key is not there. */
export function configValue(node: RunNode | null, key: string): PyValue | undefined {
  const config = node?.config as Readonly<Record<string, unknown>> | undefined;
  if (config === undefined) return undefined;
  const name = key === 'pre_hook' || key === 'post_hook' ? key.replace('_', '-') : key;
  return Object.hasOwn(config, name) && config[name] !== undefined ? fromJson(config[name]) : undefined;
}

/** `config` in the run phase: a call prints nothing, since it was heard when the project was parsed; the rest answers questions. */
export class RunConfig extends HostObject {
  constructor(readonly frame: RunFrame) {
    super();
  }
  override toText(): string {
    return '<config>';
  }
  override call(_args: readonly PyValue[], _keywords: Keywords): PyValue {
    return '';
  }
  override getAttribute(name: string): PyValue | undefined {
    const { frame } = this;
    const optional = ['name', 'default?', 'validator?'];
    const required = ['name', 'validator?'];
    switch (name) {
      case 'get':
        return hostMethod(name, optional, (call) => validated(call, find(frame, call) ?? call.get('default') ?? null));
      case 'require':
        return hostMethod(name, required, (call) => validated(call, find(frame, call) ?? missing(frame, call)));
      case 'meta_get':
        return hostMethod(name, optional, (call) =>
          validated(call, findMeta(frame, call) ?? call.get('default') ?? null),
        );
      case 'meta_require':
        return hostMethod(name, required, (call) => validated(call, findMeta(frame, call) ?? missing(frame, call)));
      case 'set':
        return hostMethod(name, ['name', 'value'], () => '');
      case 'persist_relation_docs':
        return hostMethod(name, [], () => persists(frame, 'relation'));
      case 'persist_column_docs':
        return hostMethod(name, [], () => persists(frame, 'columns'));
      case 'model':
        return frame.scope.lookup('model');
      default:
        return undefined;
    }
  }
}

function find(frame: RunFrame, call: CallArguments): PyValue | undefined {
  return configValue(frame.node, call.text('name') ?? '');
}

function findMeta(frame: RunFrame, call: CallArguments): PyValue | undefined {
  const meta = configValue(frame.node, 'meta');
  return meta instanceof PyDict ? meta.get(call.text('name') ?? '') : undefined;
}

function missing(frame: RunFrame, call: CallArguments): never {
  const name = call.text('name') ?? '';
  throw new ChemflowError({
    code: 'TEMPLATE.MISSING_CONFIG',
    message: `${frame.label ?? 'The template'} has no configuration "${name}", and needs it.`,
    hint: didYouMean(name, Object.keys(frame.node?.config ?? {})) ?? `write {{ config(${name}=...) }}`,
  });
}

function validated(call: CallArguments, value: PyValue): PyValue {
  const validator = call.get('validator');
  if (typeof validator === 'function') validator([value], new Map());
  return value;
}

function persists(frame: RunFrame, what: 'relation' | 'columns'): boolean {
  const docs = configValue(frame.node, 'persist_docs');
  return docs instanceof PyDict && isTrue(docs.get(what) ?? false);
}
