import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';

/** Server settings by name, as text. */
export type ServerSettings = Readonly<Record<string, string>>;

const MIB = 1024 * 1024;

/** What the settings are made for. */
export interface Machine {
  readonly memoryBytes: number;
  readonly cores: number;
  /** Free room for POSIX shared memory; containers often have 64 MB, which a parallel hash join soon fills. */
  readonly sharedMemoryBytes: number | undefined;
}

/** The machine that this process runs on, with a container's limit of memory. */
export function thisMachine(): Machine {
  const limit = process.constrainedMemory();
  const memory = totalmem();
  return {
    // Without a limit, constrainedMemory() is 0 or a number beyond every machine.
    memoryBytes: limit > 0 && limit < memory ? limit : memory,
    cores: availableParallelism(),
    sharedMemoryBytes: existsSync('/dev/shm') ? sizeOf('/dev/shm') : undefined,
  };
}

function sizeOf(folder: string): number | undefined {
  try {
    const found = statfsSync(folder);
    return found.bavail * found.bsize;
  } catch {
    return undefined;
  }
}

/**
 * Settings of the embedded server: fast to load and to aggregate on a small machine, durable, reachable from this machine only.
 * docs/embedded-server.md gives the reason of each.
 */
export function tuneServer(machine: Machine): ServerSettings {
  const memoryMb = Math.floor(machine.memoryBytes / MIB);
  const clamp = (value: number, low: number, high: number) => Math.round(Math.min(high, Math.max(low, value)));
  const shortSharedMemory =
    process.platform === 'linux' && (machine.sharedMemoryBytes === undefined || machine.sharedMemoryBytes < 1024 * MIB);
  return {
    // Who can reach it.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    cluster_name: 'chemflow',
    // Memory.
    shared_buffers: `${clamp(memoryMb / 8, 64, 1024)}MB`,
    effective_cache_size: `${clamp(memoryMb / 2, 128, 16384)}MB`,
    work_mem: `${clamp(memoryMb / 128, 8, 64)}MB`,
    maintenance_work_mem: `${clamp(memoryMb / 32, 64, 256)}MB`,
    ...(shortSharedMemory ? { dynamic_shared_memory_type: 'sysv' } : {}),
    // Loading.
    wal_level: 'minimal',
    max_wal_senders: '0',
    wal_compression: 'on',
    max_wal_size: '4GB',
    min_wal_size: '256MB',
    checkpoint_timeout: '15min',
    // Planning.
    jit: 'off',
    random_page_cost: '1.1',
    max_parallel_workers: String(machine.cores),
    max_parallel_workers_per_gather: String(clamp(machine.cores - 1, 1, 4)),
    max_parallel_maintenance_workers: String(clamp(machine.cores - 1, 1, 4)),
    max_locks_per_transaction: '256',
    // The same on every machine.
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'ISO, MDY',
    lc_messages: 'C',
    default_text_search_config: 'pg_catalog.english',
    // The log, without the text of statements: it may hold what is secret.
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
  };
}

/** The text of a configuration file. */
export function formatSettings(settings: ServerSettings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return [
    '# Written by chemflow at each start. For settings of your own use ALTER SYSTEM, which has the last word.',
    ...lines,
    '',
  ].join('\n');
}
