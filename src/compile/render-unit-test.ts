import { cteRelation, type FrameOverrides, type RunEngine, type SyncDatabase } from '../context/index.js';
import { fromJson, hostFunction, noKeywords, toText, type PyValue } from '../jinja/index.js';
import type { Json } from '../types/index.js';
import { ephemeralCtes } from './ephemeral-ctes.js';
import { injectCtes, type NamedQuery } from './inject-ctes.js';
import type { Task } from './protocol.js';

type UnitTestTask = Extract<Task, { readonly kind: 'unit-test' }>;

/** A macro that returns one value, whatever it is called with. */
function constantMacro(name: string, value: Json): PyValue {
  return hostFunction(name, () => fromJson(value));
}

/** What a unit test replaces. Nothing is incremental unless the test says so, as it has no relation of its own. */
function overridesOf(task: UnitTestTask): FrameOverrides {
  const macros = { is_incremental: false, ...task.overrides?.macros };
  const names = new Map<string, PyValue>();
  for (const [name, value] of Object.entries(macros)) {
    const macro = constantMacro(name, value);
    names.set(name, macro);
    if (name.startsWith('dbt.')) names.set(name.slice('dbt.'.length), macro);
  }
  const texts = Object.entries(task.overrides?.env_vars ?? {}).map(([name, value]) => [name, toText(fromJson(value))]);
  return {
    names,
    vars: new Map(Object.entries(task.overrides?.vars ?? {}).map(([name, value]) => [name, fromJson(value)])),
    envVars: Object.fromEntries(texts) as Record<string, string>,
    relations: new Map(task.fixtures.map(({ id, name }) => [id, name])),
  };
}

/** A unit test's model over its fixtures, which are CTEs; its ephemeral parents that have none read the fixtures in their turn. */
export function renderUnitTest(engine: RunEngine, database: SyncDatabase, task: UnitTestTask): string {
  const parents = overridesOf(task);
  const self = task.fixtures.find((fixture) => fixture.id === task.id);
  const model = engine.node(task.id);
  const overrides: FrameOverrides =
    self === undefined
      ? parents
      : { ...parents, names: new Map([...(parents.names ?? []), ['this', cteRelation(self.name, model)]]) };
  const request = { id: task.id, database, overrides };
  const fixtures = task.fixtures.map(({ name, rows, types }): NamedQuery => {
    if (typeof rows === 'string') return { name, sql: engine.renderText(request, rows).sql };
    const args = [fromJson(rows), fromJson(types)];
    return { name, sql: toText(engine.callMacro(request, 'get_fixture_sql', args, noKeywords)).trim() };
  });
  const rendered = engine.renderResource(request);
  const ephemerals = ephemeralCtes(engine, rendered.ephemerals, (id) =>
    engine.renderResource({ id, database, overrides: parents }),
  );
  return injectCtes(rendered.sql, [...fixtures, ...ephemerals]);
}
