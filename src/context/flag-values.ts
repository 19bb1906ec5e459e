import type { Invocation, Json, Project } from '../types/index.js';

function upper(values: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.toUpperCase().replaceAll('-', '_'), value]),
  );
}

/** The flags of an invocation as templates see them, by dbt's names in upper case. */
export function flagValues(project: Project, invocation: Invocation): Readonly<Record<string, Json>> {
  const { flags } = invocation;
  return {
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
    DISCARD_HISTORY: flags.discardHistory === true,
    FAIL_FAST: flags.failFast,
    STORE_FAILURES: flags.storeFailures,
    EMPTY: flags.empty,
    THREADS: flags.threads,
    VARS: project.cliVars,
  };
}
