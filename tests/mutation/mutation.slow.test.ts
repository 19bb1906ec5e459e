import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/util/package-root.js';
import { describeReport, killRate, runMutation, type MutationOptions } from './mutate.js';

const options: MutationOptions = {
  users: 120,
  seed: 1,
  until: '2026-03-20T12:00:00Z',
  projectDir: packageRoot,
  select: [],
  equivalents: [],
  copies: 1,
  say: () => undefined,
};

it('kills the mutants of a tested model, and says which list entries no mutant is like any more', async () => {
  const stale = { file: 'models/aggregates/search_intents.sql', before: 'gone', after: 'away', reason: 'none' };
  const report = await runMutation({ ...options, select: ['search_intents'], equivalents: [stale] });
  expect(report.tried.length).toBeGreaterThan(0);
  expect(killRate(report.tried), describeReport(report)).toBe(100);
  expect(report.stale).toEqual([stale]);
});

it('notices the mutants of a model that nothing tests, and lets those survive that are listed as equivalent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chemflow-untested-'));
  try {
    for (const name of ['models', 'macros', 'seeds', 'snapshots', 'tests/data', 'sources.yml', 'chemflow.yml'])
      cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
    symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
    const untested = "select user_key, 'a' as letter from {{ ref('unified_users') }} where chemlink_id > 0\n";
    writeFileSync(join(folder, 'models/core/untested.sql'), untested);
    const yaml = readFileSync(join(folder, 'chemflow.yml'), 'utf8');
    writeFileSync(join(folder, 'chemflow.yml'), yaml);
    const before = untested.trim();
    const after = before.replace('> 0', '>= 0');
    const equivalent = { file: 'models/core/untested.sql', before, after, reason: 'keys begin at 1' };
    const report = await runMutation({
      ...options,
      projectDir: folder,
      select: ['untested'],
      equivalents: [equivalent],
    });
    expect(report.tried.map(({ mutant, verdict, reason }) => [mutant.kind, verdict.outcome, reason])).toEqual([
      ['constant', 'survived', undefined],
      ['filter', 'survived', undefined],
      ['comparison', 'survived', 'keys begin at 1'],
      ['constant', 'survived', undefined],
    ]);
    expect(killRate(report.tried)).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
