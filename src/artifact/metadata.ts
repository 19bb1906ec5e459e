import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation, JsonObject, Project } from '../types/index.js';
import { packageRoot } from '../util/package-root.js';

/** The dbt release whose artifacts chemflow's are like; tools that read artifacts look at it. */
export const dbtVersion = '1.12.3';

let ownVersion: string | undefined;

/** chemflow's version, of its package.json. */
export function chemflowVersion(): string {
  ownVersion ??= (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
  return ownVersion;
}

/** The `metadata` that every artifact begins with; of the environment only `DBT_ENV_CUSTOM_ENV_*` is in it, as in dbt. */
export function artifactMetadata(kind: string, project: Project, invocation: Invocation): JsonObject {
  const prefix = 'DBT_ENV_CUSTOM_ENV_';
  const custom: Record<string, string> = {};
  for (const [name, value] of Object.entries(project.env))
    if (name.startsWith(prefix) && value !== undefined) custom[name.slice(prefix.length)] = value;
  return {
    dbt_schema_version: `https://schemas.getdbt.com/dbt/${kind}.json`,
    dbt_version: dbtVersion,
    generated_at: new Date().toISOString(),
    invocation_id: invocation.id,
    invocation_started_at: invocation.startedAt.toISOString(),
    env: { ...custom, chemflow_version: chemflowVersion() },
  };
}
