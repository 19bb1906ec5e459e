import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ChemflowError } from '../error/index.js';
import { findPackages, findProjectFile } from '../packages/index.js';
import type { EventSink, Json, JsonObject, Project, ProjectConfig, Target } from '../types/index.js';
import { readChemflowTarget, saltVariable, targetNameOf, type Connections } from './chemflow-target.js';
import { checkLogLevel, readBatchSize, readEnvironment, valueOf, type Environment } from './environment.js';
import { isRenderedLater, noProjectError, projectConfig, readProjectFile, type ProjectFile } from './project-config.js';
import { readProfile } from './profiles.js';
import { renderYamlWith, type CreateRenderer } from './render-yaml.js';
import { warningText } from './warning-text.js';
import type { YamlFile, YamlPath } from './yaml-file.js';

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

/** The environment as templates see it: without the salt and the passwords of connections, which must not reach compiled SQL. */
function templateEnvironment(env: Environment, kind: ProjectConfig['kind']): Environment {
  const isSecret = (name: string): boolean =>
    name === saltVariable || name === 'PGPASSWORD' || (kind === 'chemflow' && /_PASSWORD$/.test(name));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSecret(name)));
}

/** What a project is read with. */
export interface ProjectReading {
  readonly createRenderer: CreateRenderer;
  readYaml(file: string, text: string): YamlFile;
}

/** Reads a project: its file, its packages' files, its target and its connections. Throws `CONFIG.*`, what is missing of the environment named together. */
export function readProject(options: LoadOptions, reading: ProjectReading): Project {
  const { createRenderer, readYaml } = reading;
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
  const source = readProjectFile(path, projectDir, readYaml, { warn, report: options.report });
  const visible = templateEnvironment(env, source.kind);
  const connections = readConnections(source, { ...options, cwd, projectDir }, env, cliVars, reading);

  const render = (projectFile: ProjectFile): JsonObject =>
    renderYamlWith(
      createRenderer,
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
    render: (value, name, text) =>
      renderYamlWith(createRenderer, value, readYaml(name, text), [], { env, cliVars, allowSecrets: true }),
  });
  const packages = readPackages(folders, projectDir, root, render, readYaml);
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
  readYaml: ProjectReading['readYaml'],
): ProjectConfig[] {
  const names = new Map([[root.name, root.file]]);
  return folders.map((folder) => {
    const file = findProjectFile(folder) ?? folder;
    // Warnings about a package's file are its author's to read.
    const source = readProjectFile(file, projectDir, readYaml, { warn: () => undefined });
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
  { createRenderer, readYaml }: ProjectReading,
): Connections {
  const { targetName, threads } = { targetName: options.target, threads: options.threads };
  const renderValue = (value: Json, file: YamlFile, at: YamlPath, isSkipped?: (at: YamlPath) => boolean): Json =>
    renderYamlWith(createRenderer, value, file, at, { env, cliVars, allowSecrets: true }, isSkipped);
  if (source.kind === 'chemflow') {
    const declared = renderValue(source.value['target'] ?? null, source.file, ['target']);
    const chosen = targetNameOf({ ...source.value, target: declared }, env, targetName);
    const parts = ['name', 'profile', 'target', 'targets', 'warehouse', 'connections', 'sample', 'hash_salt'];
    const isOtherTarget = (at: YamlPath): boolean => at[0] === 'targets' && at.length === 2 && at[1] !== chosen;
    const config = renderValue(
      source.value,
      source.file,
      [],
      (at) => at.length > 0 && (!parts.includes(String(at[0])) || isOtherTarget(at)),
    ) as JsonObject;
    return readChemflowTarget({ file: source.file, config, env, targetName, threads });
  }
  const name = String(source.value['name']);
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
    readYaml,
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
