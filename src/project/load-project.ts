import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createYamlRenderer } from '../context/index.js';
import { ChemflowError, formatPlace } from '../error/index.js';
import { findPackages, findProjectFile } from '../packages/index.js';
import type { EventSink, Json, JsonObject, Project, ProjectConfig, Target } from '../types/index.js';
import { readChemflowTarget, saltVariable, type Connections } from './chemflow-target.js';
import { checkLogLevel, readBatchSize, readEnvironment, valueOf, type Environment } from './environment.js';
import { isRenderedLater, noProjectError, projectConfig, readProjectFile, type ProjectFile } from './project-config.js';
import { readProfile } from './profiles.js';
import { hasJinja, isObject, readYaml, type YamlFile, type YamlPath } from './yaml-file.js';

/** What the command line says about a project. */
export interface LoadOptions {
  readonly projectDir: string;
  readonly profilesDir?: string | undefined;
  readonly profile?: string | undefined;
  readonly target?: string | undefined;
  readonly vars?: JsonObject | undefined;
  readonly threads?: number | undefined;
  readonly targetPath?: string | undefined;
  /** The process's environment; `.env` of the project is read beneath it. */
  readonly env?: Environment | undefined;
  /** Folder that relative paths of the options are taken from. */
  readonly cwd?: string | undefined;
  /** Receives warnings, as unknown keys of a dbt_project.yml. */
  readonly sink?: EventSink | undefined;
  /** Receives the errors of the project file that do not keep the rest from being read, to be told with those of the rest; thrown where it is missing. */
  readonly report?: ((error: ChemflowError) => void) | undefined;
}

/** Renders the Jinja in the strings of a YAML file's part; parts without are returned as they are, so that the template engine is not even loaded. */
export function renderYaml(
  value: Json,
  file: YamlFile,
  path: YamlPath,
  options: Omit<Parameters<typeof createYamlRenderer>[0], 'fileText'>,
  isSkipped: (path: YamlPath) => boolean = () => false,
): Json {
  if (!hasJinja(file.text)) return value;
  let renderer: ReturnType<typeof createYamlRenderer> | undefined;
  const walk = (inner: Json, at: YamlPath): Json => {
    if (isSkipped(at)) return inner;
    if (typeof inner === 'string') {
      if (!hasJinja(inner)) return inner;
      renderer ??= createYamlRenderer({ ...options, fileText: file.text });
      return renderer.render(inner, { file: file.file, path: at, line: file.lineOf(at) });
    }
    if (Array.isArray(inner)) return (inner as readonly Json[]).map((item, index) => walk(item, [...at, index]));
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, walk(item, [...at, key])]));
  };
  return walk(value, path);
}

/** A warning's sentence with its place and hint, as one text. */
export function warningText(error: ChemflowError): string {
  const parts = [`${error.code}: ${error.message}`];
  if (error.place !== undefined) parts.push(formatPlace(error.place));
  if (error.hint !== undefined) parts.push(`  hint: ${error.hint}`);
  return parts.join('\n');
}

/** The environment as templates see it: without the salt and the passwords of connections, which must not reach compiled SQL. */
function templateEnvironment(env: Environment, kind: ProjectConfig['kind']): Environment {
  const isSecret = (name: string): boolean =>
    name === saltVariable || name === 'PGPASSWORD' || (kind === 'chemflow' && /_PASSWORD$/.test(name));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSecret(name)));
}

/**
 * Loads a project: its file, its packages' files, its target and its connections. Reads files and the environment, connects to nothing and starts nothing.
 * Throws `CONFIG.*`, what is missing of the environment named together.
 */
export function loadProject(options: LoadOptions): Project {
  const cwd = options.cwd ?? process.cwd();
  const projectDir = resolve(cwd, options.projectDir);
  const path = findProjectFile(projectDir);
  if (path === undefined) throw noProjectError(projectDir, existsSync(projectDir) ? readdirSync(projectDir) : []);
  const env = readEnvironment(projectDir, options.env ?? process.env);
  checkLogLevel(env);
  const batchSize = readBatchSize(env);
  const cliVars = options.vars ?? {};
  const warn = (error: ChemflowError): void => {
    options.sink?.({ kind: 'message', level: 'warn', text: warningText(error), code: error.code });
  };
  const source = readProjectFile(path, projectDir, { warn, report: options.report });
  const visible = templateEnvironment(env, source.kind);
  const connections = readConnections(source, { ...options, cwd, projectDir }, env, cliVars);

  const render = (projectFile: ProjectFile): JsonObject =>
    renderYaml(
      projectFile.value,
      projectFile.file,
      [],
      { env: visible, cliVars, target: connections.target },
      // Targets and connections may use variables that templates must not see; they have been read already.
      (at) => isRenderedLater(at) || ['targets', 'warehouse', 'connections'].includes(String(at[0])),
    ) as JsonObject;
  const rendered = render(source);
  const root = projectConfig(source, rendered, projectDir);
  const folders = findPackages({
    projectDir,
    installPath: String((rendered['packages-install-path'] as string | undefined) ?? 'dbt_packages'),
    render: (value, name, text) => renderYaml(value, readYaml(name, text), [], { env, cliVars, allowSecrets: true }),
  });
  const packages = readPackages(folders, projectDir, root, render);
  const targetPath = options.targetPath ?? valueOf(env, 'DBT_TARGET_PATH');
  return {
    root,
    packages,
    ...connections,
    cliVars,
    targetPath:
      targetPath === undefined
        ? resolve(projectDir, String((rendered['target-path'] as string | undefined) ?? 'target'))
        : resolve(options.targetPath === undefined ? projectDir : cwd, targetPath),
    env: visible,
    batchSize,
  };
}

function readPackages(
  folders: readonly string[],
  projectDir: string,
  root: ProjectConfig,
  render: (file: ProjectFile) => JsonObject,
): ProjectConfig[] {
  const names = new Map([[root.name, root.file]]);
  return folders.map((folder) => {
    const file = findProjectFile(folder) ?? folder;
    // Warnings about a package's file are its author's to read.
    const source = readProjectFile(file, projectDir, { warn: () => undefined });
    const config = projectConfig(source, render(source), folder);
    const other = names.get(config.name);
    if (other !== undefined)
      throw new ChemflowError({
        code: 'CONFIG.DUPLICATE_PACKAGE',
        message: `Two projects have the name "${config.name}": ${other} and ${config.file}.`,
        hint: 'remove one of them, or rename it',
        place: source.file.placeOf(['name']),
      });
    names.set(config.name, config.file);
    return config;
  });
}

function readConnections(
  source: ProjectFile,
  options: LoadOptions & { readonly cwd: string },
  env: Environment,
  cliVars: JsonObject,
): Connections {
  const { targetName, threads } = { targetName: options.target, threads: options.threads };
  if (source.kind === 'chemflow') {
    const parts = ['name', 'profile', 'target', 'targets', 'warehouse', 'connections', 'sample', 'hash_salt'];
    const config = renderYaml(
      source.value,
      source.file,
      [],
      { env, cliVars, allowSecrets: true },
      (at) => at.length > 0 && !parts.includes(String(at[0])),
    ) as JsonObject;
    return readChemflowTarget({ file: source.file, config, env, targetName, threads });
  }
  const name = String(source.value['name']);
  const renderValue = (value: Json, file: YamlFile, at: YamlPath): Json =>
    renderYaml(value, file, at, { env, cliVars, allowSecrets: true });
  const declared = source.value['profile'];
  const profileName =
    options.profile ??
    valueOf(env, 'DBT_PROFILE') ??
    (typeof declared === 'string' ? String(renderValue(declared, source.file, ['profile']) as string) : undefined);
  const target = readProfile({
    projectDir: options.projectDir,
    projectName: name,
    profileName,
    profilesDir: options.profilesDir === undefined ? undefined : resolve(options.cwd, options.profilesDir),
    targetName,
    threads,
    env,
    render: renderValue,
  });
  return {
    target: target ?? embeddedTarget(name, targetName, threads),
    sourceConnections: {},
    connectionNames: [],
    sample: false,
  };
}

/** A dbt project without any profiles.yml builds on the embedded server, in a database of its name. */
function embeddedTarget(name: string, targetName: string | undefined, threads: number | undefined): Target {
  return {
    name: targetName ?? 'dev',
    profileName: name,
    type: 'postgres',
    schema: 'public',
    threads: threads ?? 4,
    connection: { name: 'analytics', host: '127.0.0.1', port: 0, user: '', password: undefined, database: name },
    embedded: true,
    extra: {},
  };
}
