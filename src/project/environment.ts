import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Dotenv from 'dotenv';
import { ChemflowError } from '../error/index.js';
import type { LogLevel } from '../types/index.js';

/** Environment variables by name; a blank one is unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The package `dotenv`, which only a project with a `.env` needs. */
function dotenv(): typeof Dotenv {
  return createRequire(import.meta.url)('dotenv') as typeof Dotenv;
}

/** The process's variables, and beneath them those of the folder's `.env`. */
export function readEnvironment(projectDir: string, processEnv: Environment): Environment {
  const path = join(projectDir, '.env');
  const fromFile = existsSync(path) ? dotenv().parse(readFileSync(path)) : {};
  const merged: Record<string, string | undefined> = { ...processEnv };
  for (const [name, value] of Object.entries(fromFile)) if (isBlank(merged[name])) merged[name] = value;
  return merged;
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

/** A variable's value, or undefined where it is unset or blank. */
export function valueOf(env: Environment, name: string): string | undefined {
  const value = env[name];
  return isBlank(value) ? undefined : value;
}

/** Is it a value that stands for one, as in `.env.example`: `...`, `your_local_password`, `<host>`? */
export function isPlaceholder(value: string): boolean {
  return /^(?:\.{3,}|…|<[^>]*>|your[_-].*|change[_-]?me|todo|xxx+)$/i.test(value.trim());
}

/** Rows a batch (`ETL_BATCH_SIZE`, default 10,000); throws `CONFIG.BATCH_SIZE`. */
export function readBatchSize(env: Environment): number {
  const text = valueOf(env, 'ETL_BATCH_SIZE');
  if (text === undefined) return 10_000;
  if (!/^\s*\d+\s*$/.test(text) || Number(text) < 1 || Number(text) > 1_000_000)
    throw new ChemflowError({
      code: 'CONFIG.BATCH_SIZE',
      message: `ETL_BATCH_SIZE is "${text}", which is no number of rows.`,
      hint: 'write a whole number from 1 to 1000000, or leave it blank for 10000',
    });
  return Number(text);
}

const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Throws `CONFIG.LOG_LEVEL` where `ETL_LOG_LEVEL` is no level. */
export function checkLogLevel(env: Environment): void {
  const text = valueOf(env, 'ETL_LOG_LEVEL');
  if (text === undefined || logLevels.some((level) => level === text.trim().toLowerCase())) return;
  throw new ChemflowError({
    code: 'CONFIG.LOG_LEVEL',
    message: `ETL_LOG_LEVEL is "${text}", which is no level of logging.`,
    hint: `write one of ${logLevels.join(', ')}`,
  });
}
