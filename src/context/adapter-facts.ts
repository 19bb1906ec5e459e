import { ChemflowError, didYouMean } from '../error/index.js';
import { dictOf, fromJson, HostObject, isTrue, PyDict, toText, type PyCallable, type PyValue } from '../jinja/index.js';
import type { Macro } from '../types/index.js';
import { quoteIdentifier } from '../util/sql-text.js';
import { ColumnClass } from './column-object.js';
import type { Frame } from './frame.js';
import { hostMethod } from './host-method.js';
import { itemsOf } from './iterate.js';
import { RelationClass } from './relation-members.js';

/** `adapter.behavior`: every behaviour flag of dbt is a truth value; those that are not set are false. */
class BehaviorFlags extends HostObject {
  constructor(readonly frame: Frame) {
    super();
  }
  override toText(): string {
    return '<behavior>';
  }
  override getAttribute(name: string): PyValue | undefined {
    return fromJson(this.frame.host.project.root.flags[name] ?? false);
  }
}

function dispatchFunction(frame: Frame, bind: (macro: Macro) => PyCallable): PyCallable {
  const { library } = frame.host;
  return hostMethod('dispatch', ['macro_name', 'macro_namespace?', 'packages?'], (call) => {
    const name = call.text('macro_name') ?? '';
    const namespace = call.text('macro_namespace');
    if (name.includes('.'))
      throw new ChemflowError({
        code: 'TEMPLATE.DISPATCH',
        message: `adapter.dispatch('${name}') has a dot in the macro's name.`,
        hint: `write adapter.dispatch('${name.split('.').at(-1) ?? ''}', '${name.split('.')[0] ?? ''}')`,
      });
    const found = library.dispatch(name, namespace, frame.packageName);
    if ('unique_id' in found) return bind(found);
    const candidates = [...(library.ofPackage(namespace ?? '')?.keys() ?? library.names(frame.packageName))];
    throw new ChemflowError({
      code: 'TEMPLATE.UNKNOWN_MACRO',
      message: `No macro named '${name}' was found${namespace === null ? '' : ` in '${namespace}'`} by dispatch; looked for ${found.join(', ')}.`,
      hint: didYouMean(`default__${name}`, candidates),
    });
  });
}

const quote = hostMethod('quote', ['identifier'], (call) => quoteIdentifier(call.text('identifier') ?? ''));

const quoteAsConfigured = hostMethod('quote_as_configured', ['identifier', 'quote_key?'], (call) =>
  quoteIdentifier(call.text('identifier') ?? ''),
);

const quoteSeedColumn = hostMethod('quote_seed_column', ['column', 'quote_config?'], (call) => {
  const setting = call.get('quote_config') ?? null;
  const column = call.text('column') ?? '';
  return setting === null || isTrue(setting) ? quoteIdentifier(column) : column;
});

/** `{select: 'a'}` or `{select: ['a']}` as lists of grantees by privilege. */
const standardizeGrants = hostMethod('standardize_grants_dict', ['grants_table'], (call) => {
  const grants = new PyDict();
  for (const row of itemsOf(call.get('grants_table') ?? [])) {
    const cell = (key: string): string => (row instanceof HostObject ? toText(row.getItem?.(key) ?? '') : '');
    const grantees = grants.get(cell('privilege_type'));
    grants.set(cell('privilege_type'), [...(Array.isArray(grantees) ? grantees : []), cell('grantee')]);
  }
  return grants;
});

/** What `adapter` knows without a database: dispatch, quoting, its type; a function of the attribute's name. */
export function createAdapterFacts(
  frame: Frame,
  bind: (macro: Macro) => PyCallable,
): (name: string) => PyValue | undefined {
  const facts: Readonly<Record<string, () => PyValue>> = {
    dispatch: () => dispatchFunction(frame, bind),
    type: () => hostMethod('type', [], () => 'postgres'),
    quote: () => quote,
    quote_as_configured: () => quoteAsConfigured,
    quote_seed_column: () => quoteSeedColumn,
    standardize_grants_dict: () => standardizeGrants,
    Relation: () => new RelationClass(),
    Column: () => new ColumnClass(),
    behavior: () => new BehaviorFlags(frame),
    config: () =>
      dictOf({
        project_name: frame.host.project.root.name,
        project_root: frame.host.project.root.root,
        target_name: frame.host.project.target.name,
        profile_name: frame.host.project.target.profileName,
        target_path: frame.host.project.targetPath,
      }),
  };
  return (name) => (Object.hasOwn(facts, name) ? facts[name]?.() : undefined);
}
