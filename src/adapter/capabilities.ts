import type { Capabilities } from '../types/index.js';

/** What a server of this version (server_version_num) can do. */
export function capabilitiesOf(serverVersion: number): Capabilities {
  return {
    serverVersion,
    hasMerge: serverVersion >= 150_000,
    hasNullsNotDistinct: serverVersion >= 150_000,
    hasMergeReturning: serverVersion >= 170_000,
  };
}
