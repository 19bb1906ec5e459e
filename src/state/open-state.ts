import type { Adapter, State } from '../types/index.js';
import { recordExtraction } from './ledger.js';
import { migrate } from './migrations.js';
import { acquireRunLock } from './run-lock.js';
import { finishRun, readHistory, recordResults, resultsStatement, startRun } from './runs.js';
import { writeSourceClock } from './source-clocks.js';
import { noteSalt, readSalt } from './salt.js';
import { blotMessages, readTombstones, writeTombstone } from './tombstones.js';
import { readWatermarks, writeWatermark } from './watermarks.js';

/**
 * Opens the state in schema `chemflow`, which is made or brought up to date. It keeps one session of its own,
 * which an interruption leaves alone, so that a run's end is written even then.
 */
export async function openState(adapter: Adapter): Promise<State> {
  const own = await adapter.open('chemflow state', { bookkeeping: true });
  try {
    await migrate(own);
  } catch (error) {
    await own.close();
    throw error;
  }
  return {
    acquireRunLock: (description) => acquireRunLock(adapter, description),
    startRun: (run) => startRun(own, run),
    finishRun: (run) => finishRun(own, run),
    recordResults: (runId, results) => recordResults(own, runId, results),
    resultsStatement,
    history: (limit) => readHistory(own, limit),
    watermarks: (schema) => readWatermarks(own, schema),
    setWatermark: writeWatermark,
    recordExtraction,
    setSourceClock: (clock) => writeSourceClock(own, clock),
    salt: (targetSchema) => readSalt(own, targetSchema),
    noteSalt: (targetSchema, isRotating) => noteSalt(own, targetSchema, isRotating),
    tombstones: () => readTombstones(own),
    setTombstone: writeTombstone,
    blotMessages,
    close: () => own.close(),
  };
}
