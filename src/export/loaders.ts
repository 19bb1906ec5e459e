import type { DataCard } from './card.js';
import { duckdbLoader } from './loader-duckdb.js';
import { pythonLoader } from './loader-python.js';

/** The files that show how to read a dataset, by the ending of their names. */
export function loadersOf(card: DataCard): Readonly<Record<string, string>> {
  return { 'load.py': pythonLoader(card), 'load.sql': duckdbLoader(card) };
}
