import { fromJson, type PyValue } from '../jinja/index.js';
import type { Target } from '../types/index.js';

/** `target` of templates: where the run builds; never a password. */
export function targetValue(target: Target): PyValue {
  const { connection } = target;
  return fromJson({
    ...target.extra,
    name: target.name,
    target_name: target.name,
    profile_name: target.profileName,
    schema: target.schema,
    type: target.type,
    threads: target.threads,
    database: connection.database,
    dbname: connection.database,
    host: connection.host,
    port: connection.port,
    user: connection.user,
  });
}
