import { createRunEngine, templateEnvironment, withBuiltinMacros, type SyncDatabase } from '../../src/context/index.js';
import { ephemeralCtes } from '../../src/compile/ephemeral-ctes.js';
import { injectCtes } from '../../src/compile/inject-ctes.js';
import { renderUnitTest } from '../../src/compile/render-unit-test.js';
import { fromJson, noKeywords, toText } from '../../src/jinja/index.js';
import type { Invocation, Manifest, Project, ResourceId, UnitTest, UnitTestFixture } from '../../src/types/index.js';
import type { Subject } from './mutants.js';

/** What templates render to, with or without a change of one of them. */
export interface Renderings {
  /** The query of a model or data test. */
  sql(id: ResourceId): string;
  /** The query of a unit test. */
  unitSql(test: UnitTest, fixtures: readonly UnitTestFixture[]): string;
  /** Calls a macro in a node's context. */
  macro(id: ResourceId, name: string, args: readonly unknown[]): string;
}

/** What renderings are made of: a project that was parsed, and the database as templates see it. */
export interface Templates {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly invocation: Invocation;
  readonly database: SyncDatabase;
}

function changed(manifest: Manifest, subject: Subject, text: string): Manifest {
  const macro = manifest.macros[subject.id];
  if (macro !== undefined)
    return { ...manifest, macros: { ...manifest.macros, [subject.id]: { ...macro, macro_sql: text } } };
  const node = manifest.nodes[subject.id];
  return node === undefined
    ? manifest
    : { ...manifest, nodes: { ...manifest.nodes, [subject.id]: { ...node, raw_code: text } } };
}

/** Renders on demand, in this thread; the text of one model or macro may be replaced. The name of the database is left out, so that copies of it can be asked. */
export function createRenderings(
  templates: Templates,
  change?: { readonly subject: Subject; readonly text: string },
): Renderings {
  const { project, invocation, database } = templates;
  const manifest = change === undefined ? templates.manifest : changed(templates.manifest, change.subject, change.text);
  const engine = createRunEngine({
    project,
    manifest: { ...manifest, macros: withBuiltinMacros(manifest.macros) },
    invocation,
    selected: [],
    env: templateEnvironment(project),
    say: () => undefined,
  });
  const anywhere = (sql: string): string => sql.replaceAll(`"${project.target.connection.database}".`, '');
  const known = new Map<ResourceId, ReturnType<typeof engine.renderResource>>();
  const render = (id: ResourceId): ReturnType<typeof engine.renderResource> => {
    const rendered = known.get(id) ?? engine.renderResource({ id, database });
    known.set(id, rendered);
    return rendered;
  };
  return {
    sql: (id) => {
      const rendered = render(id);
      return anywhere(injectCtes(rendered.sql, ephemeralCtes(engine, rendered.ephemerals, render)));
    },
    unitSql: (test, fixtures) => {
      const [id = ''] = test.depends_on.nodes;
      return anywhere(renderUnitTest(engine, database, { kind: 'unit-test', id, overrides: test.overrides, fixtures }));
    },
    macro: (id, name, args) =>
      anywhere(
        toText(
          engine.callMacro(
            { id, database },
            name,
            args.map((arg) => fromJson(arg)),
            noKeywords,
          ),
        ),
      ),
  };
}
