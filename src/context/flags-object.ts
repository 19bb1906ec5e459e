import { HostObject, fromJson, type PyValue } from '../jinja/index.js';
import type { Invocation, Json, Project } from '../types/index.js';
import { hostMethod } from './host-method.js';

/** `flags` of templates: dbt's names in any case, as attributes, items and through `get`; what is unknown is undefined. */
export class FlagsObject extends HostObject {
  readonly #values: Readonly<Record<string, Json>>;

  constructor(project: Project, invocation: Invocation) {
    super();
    const { flags } = invocation;
    const upper = (values: Readonly<Record<string, Json>>): Record<string, Json> =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [key.toUpperCase().replaceAll('-', '_'), value]));
    this.#values = {
      CACHE_SELECTED_ONLY: false,
      DEBUG: false,
      INDIRECT_SELECTION: 'eager',
      INTROSPECT: true,
      PARTIAL_PARSE: true,
      POPULATE_CACHE: true,
      PRINT: true,
      PRINTER_WIDTH: 80,
      PROFILE: null,
      PROFILES_DIR: null,
      PROJECT_DIR: project.root.root,
      QUIET: false,
      SEND_ANONYMOUS_USAGE_STATS: false,
      STATIC_PARSER: true,
      TARGET: project.target.name,
      TARGET_PATH: project.targetPath,
      USE_COLORS: false,
      USE_EXPERIMENTAL_PARSER: false,
      VERSION_CHECK: true,
      WARN_ERROR: null,
      WARN_ERROR_OPTIONS: { error: [], warn: [], silence: [] },
      WRITE_JSON: true,
      DEFER: false,
      FAVOR_STATE: false,
      ...upper(project.root.flags),
      ...upper(flags.args),
      WHICH: flags.which,
      FULL_REFRESH: flags.fullRefresh,
      FAIL_FAST: flags.failFast,
      STORE_FAILURES: flags.storeFailures,
      EMPTY: flags.empty,
      THREADS: flags.threads,
      VARS: project.cliVars,
    };
  }
  override toText(): string {
    return '<flags>';
  }
  override getAttribute(name: string): PyValue | undefined {
    if (name === 'get')
      return hostMethod('get', ['key', 'default?'], (call) => {
        return this.getItem(call.text('key')) ?? call.get('default') ?? null;
      });
    return this.getItem(name);
  }
  override getItem(key: PyValue): PyValue | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.#values, key.toUpperCase())) return undefined;
    return fromJson(this.#values[key.toUpperCase()]);
  }
  override contains(key: PyValue): boolean {
    return this.getItem(key) !== undefined;
  }
}
