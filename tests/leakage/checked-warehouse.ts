import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/util/package-root.js';
import { createWarehouseUnderTest, type WarehouseUnderTest } from '../warehouse/warehouse-under-test.js';

/** A warehouse that was synchronised several times, and a copy of the project whose models a test may change. */
export interface CheckedWarehouse {
  readonly warehouse: WarehouseUnderTest;
  /** Runs the check in the copy, after `change` was made to one of its files; resolves to what it printed, whether it found leaks or not. */
  checkWith(file: string, change: (text: string) => string, ...args: string[]): Promise<string>;
  drop(): Promise<void>;
}

/** Creates a sample whose clock stands at the machine's, so that people are observed after their first snapshot, and runs on its first, 20th and 120th day. */
export async function createCheckedWarehouse(): Promise<CheckedWarehouse> {
  const project = mkdtempSync(join(tmpdir(), 'chemflow-leakage-'));
  for (const name of ['chemflow.yml', 'sources.yml', 'models', 'macros', 'seeds', 'snapshots', 'tests/data'])
    cpSync(join(packageRoot, name), join(project, name), { recursive: true });
  const until = new Date(Date.now() - 3_600_000).toISOString();
  const warehouse = await createWarehouseUnderTest({ users: 250, seed: 5, until });
  await warehouse.chemflow('run', '--select', '+ai');
  for (const days of [20, 100]) {
    await warehouse.advance(days);
    await warehouse.chemflow('run', '--select', '+ai');
  }
  return {
    warehouse,
    checkWith: async (file, change, ...args) => {
      const original = readFileSync(join(packageRoot, file), 'utf8');
      const changed = change(original);
      if (changed === original) throw new Error(`${file} is as it was.`);
      writeFileSync(join(project, file), changed);
      const command = ['test', '--leakage', '--project-dir', project, '--log-format', 'json', ...args];
      const told = await warehouse.chemflow(...command).catch((error: unknown) => String(error));
      writeFileSync(join(project, file), original);
      return told;
    },
    drop: async () => {
      rmSync(project, { recursive: true, force: true });
      await warehouse.drop();
    },
  };
}
