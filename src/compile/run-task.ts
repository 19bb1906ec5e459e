import { ChemflowError } from '../error/index.js';
import type { RunEngine, SyncDatabase } from '../context/index.js';
import { noKeywords, type PyValue } from '../jinja/index.js';
import type { CompiledResource, Hook, MacroValue, Relation, ResourceId } from '../types/index.js';
import { ephemeralCtes, type Rendered } from './ephemeral-ctes.js';
import { injectCtes } from './inject-ctes.js';
import { fromTemplate, toTemplate } from './macro-value.js';
import type { Task, TaskValue } from './protocol.js';
import { renderUnitTest } from './render-unit-test.js';

/** Does the tasks of one worker; what an ephemeral model compiles to is kept. */
export function createTaskRunner(engine: RunEngine, database: SyncDatabase): (task: Task) => TaskValue {
  const ephemeralSql = new Map<ResourceId, Rendered>();

  const renderEphemeral = (id: ResourceId): Rendered => {
    let rendered = ephemeralSql.get(id);
    if (rendered === undefined) ephemeralSql.set(id, (rendered = engine.renderResource({ id, database })));
    return rendered;
  };

  const withParents = (rendered: Rendered): string =>
    rendered.ephemerals.length === 0
      ? rendered.sql
      : injectCtes(rendered.sql, ephemeralCtes(engine, rendered.ephemerals, renderEphemeral));

  const compile = (id: ResourceId): CompiledResource => {
    const sql = withParents(engine.renderResource({ id, database }));
    const config = engine.node(id)?.config as Readonly<Record<string, unknown>> | undefined;
    const hooks = (key: string): readonly Hook[] => (config?.[key] ?? []) as readonly Hook[];
    return { id, sql, preHooks: hooks('pre-hook'), postHooks: hooks('post-hook') };
  };

  return (task) => {
    switch (task.kind) {
      case 'compile':
        return compile(task.id);
      case 'text': {
        const variables = new LazyValues(task.variables);
        return withParents(engine.renderText({ ...task, database, variables }, task.text));
      }
      case 'unit-test':
        return renderUnitTest(engine, database, task);
      case 'macro': {
        const keywords = templateValues(task.keywords);
        return fromTemplate(engine.callMacro({ ...task, database }, task.name, task.args.map(toTemplate), keywords));
      }
      case 'materialization': {
        const compiledSql = task.compiledSql ?? compile(task.id).sql;
        return relationsOf(
          fromTemplate(engine.callMacroById({ id: task.id, database, compiledSql }, task.macroId)),
          task,
        );
      }
    }
  };
}

/** Values for a template, each made when it is looked up: `results` of a large run is long, and few hooks read it. */
class LazyValues extends Map<string, PyValue> {
  readonly #made = new Set<string>();
  readonly #values: Readonly<Record<string, MacroValue>>;

  constructor(values: Readonly<Record<string, MacroValue>>) {
    super(Object.keys(values).map((key) => [key, null]));
    this.#values = values;
  }
  override get(key: string): PyValue | undefined {
    const value = this.#values[key];
    if (value !== undefined && this.has(key) && !this.#made.has(key)) {
      this.#made.add(key);
      this.set(key, toTemplate(value));
    }
    return super.get(key);
  }
}

function templateValues(values: Readonly<Record<string, MacroValue>>): ReadonlyMap<string, PyValue> {
  const entries = Object.entries(values);
  return entries.length === 0 ? noKeywords : new Map(entries.map(([key, value]) => [key, toTemplate(value)] as const));
}

/** The relations of what a materialization returned: `{'relations': [...]}`. */
function relationsOf(
  value: MacroValue,
  task: { readonly macroId: string; readonly id: ResourceId },
): readonly Relation[] {
  const list = value !== null && typeof value === 'object' && 'relations' in value ? value.relations : undefined;
  if (Array.isArray(list)) {
    const relations = (list as readonly MacroValue[]).flatMap((item) =>
      item !== null && typeof item === 'object' && '$relation' in item ? [item.$relation as Relation] : [],
    );
    if (relations.length === list.length) return relations;
  }
  throw new ChemflowError({
    code: 'COMPILE.MATERIALIZATION',
    message: `The materialization of ${task.id} (${task.macroId}) did not return its relations.`,
    hint: "end it with {{ return({'relations': [target_relation]}) }}",
  });
}
