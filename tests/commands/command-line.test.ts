import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/commands/table.js';
import { openProjectFolder } from './program.js';

const program = join(import.meta.dirname, '../../bin/chemflow.js');

describe('the command line', () => {
  it('prints its version without loading pg or nunjucks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chemflow-version-'));
    try {
      const spy = join(folder, 'spy.cjs');
      writeFileSync(spy, `process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n')));`);
      const { stdout, stderr } = spawnSync(process.execPath, ['-r', spy, program, '--version'], { encoding: 'utf8' });
      expect(stdout).toMatch(/^chemflow \d+\.\d+\.\d+\n$/);
      expect(stderr).toContain('spy.cjs');
      expect(stderr).not.toMatch(/node_modules.(pg|nunjucks|graphology|yaml)\b/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('lists every command in its help', async () => {
    const project = openProjectFolder({});
    try {
      const { exitCode, stdout } = await project.call(['--help']);
      expect(exitCode).toBe(0);
      for (const { name } of commandTable) expect(stdout).toContain(`chemflow ${name}`);
      for (const { name } of commandTable) {
        const help = await project.call([name, '--help']);
        expect(help.exitCode).toBe(0);
        expect(help.stdout).toContain('--project-dir');
      }
    } finally {
      project.remove();
    }
  });

  it('answers a mistyped command with the nearest one, and a wrong option too', async () => {
    const project = openProjectFolder({});
    try {
      const command = await project.call(['rnu']);
      expect(command.exitCode).toBe(2);
      expect(command.stderr).toContain('did you mean "run"?');
      const option = await project.call(['run', '--selct', 'x']);
      expect(option.exitCode).toBe(2);
      expect(option.stderr).toContain('selct');
      expect(option.stderr).toContain('did you mean "--select"?');
      expect((await project.call(['export', '--fromat=csv'])).stderr).toContain('did you mean "--format"?');
      expect((await project.call(['ls', '--zzzzzzzz'])).stderr).toContain('chemflow ls --help lists what there is');
      const twice = await project.call(['run', 'core.users']);
      expect(twice.exitCode).toBe(2);
      expect(twice.stderr).toContain('Unknown argument: core.users');
    } finally {
      project.remove();
    }
  });

  it('says what is missing in a folder without a project', async () => {
    const project = openProjectFolder({});
    try {
      const { exitCode, stderr } = await project.call(['run']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('chemflow.yml');
      expect(stderr).not.toContain('BUG');
    } finally {
      project.remove();
    }
  });

  it('contradicts contradicting options', async () => {
    const project = openProjectFolder({ 'chemflow.yml': 'name: x\nversion: "1"\n' });
    try {
      const { exitCode, stderr } = await project.call(['run', '--full', '--start-date', '2026-01-01']);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('contradict');
      expect((await project.call(['run', '--start-date', '2026-02-30'])).stderr).toContain('is not a day');
      expect((await project.call(['run', '--vars', '[1'])).stderr).toContain('CLI.VARS');
    } finally {
      project.remove();
    }
  });

  it('ends quietly when the reader of a pipe goes away', () => {
    const out = execFileSync('bash', ['-c', `"${process.execPath}" "${program}" --help | head -1`], {
      encoding: 'utf8',
    });
    expect(out).toBe('chemflow <command>\n');
  });
});
