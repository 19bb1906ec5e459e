import type { Instant } from '../../src/util/instant.js';
import { instantOf, type Row } from './read-sources.js';

/** What the warehouse knew of a person at a moment; undefined before the first snapshot was taken. */
export type KnownAt = (personId: string, moment: Instant) => Row | undefined;

interface Version {
  readonly from: Instant;
  readonly to: Instant | undefined;
  /** The start of the run that took it. */
  readonly takenAt: Instant;
  readonly row: Row;
}

/** Reads the snapshot of persons. The run that took a version left its start in `snapshot_at`; valid_from stands in where that is absent. */
export function createKnownAt(history: readonly Row[]): KnownAt {
  const versions = new Map<string, Version[]>();
  for (const row of history) {
    const from = instantOf(row['valid_from']);
    if (from === undefined) throw new Error('a snapshot row without valid_from');
    const version = { from, to: instantOf(row['valid_to']), takenAt: instantOf(row['snapshot_at']) ?? from, row };
    const id = row['id'] ?? '';
    versions.set(id, [...(versions.get(id) ?? []), version]);
  }
  return (personId, moment) => {
    const known = versions.get(personId) ?? [];
    const firstTaken = Math.min(...known.map((version) => version.takenAt));
    if (known.length === 0 || moment < firstTaken) return undefined;
    return known
      .filter((version) => version.from <= moment && (version.to === undefined || version.to > moment))
      .sort((left, right) => left.from - right.from)
      .at(-1)?.row;
  };
}
