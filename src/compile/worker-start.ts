import { templateEnvironment, withBuiltinMacros } from '../context/index.js';
import type { ConnectionSettings, Invocation, Manifest, Project, ResourceId } from '../types/index.js';
import type { WorkerStart } from './protocol.js';

function withoutSecrets(settings: ConnectionSettings): ConnectionSettings {
  return { ...settings, password: undefined, sessionSettings: undefined };
}

/** What every worker of a run is given: the project and manifest without passwords, salt, and the texts of files. */
export function workerStart(options: {
  readonly project: Project;
  readonly manifest: Manifest;
  readonly invocation: Invocation;
  readonly selected: readonly ResourceId[];
}): WorkerStart {
  const { project, invocation, selected } = options;
  const { files: _files, docs: _docs, ...manifest } = options.manifest;
  return {
    project: {
      ...project,
      env: templateEnvironment(project),
      target: { ...project.target, connection: withoutSecrets(project.target.connection) },
      sourceConnections: {},
    },
    manifest: JSON.stringify({ ...manifest, macros: withBuiltinMacros(manifest.macros) }),
    invocation,
    selected,
  };
}
