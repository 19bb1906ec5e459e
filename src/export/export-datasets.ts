import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ChemflowError } from '../error/index.js';
import type { Adapter, EventSink, Manifest, Session } from '../types/index.js';
import { makeCard, type DataCard } from './card.js';
import { cardMarkdown } from './card-markdown.js';
import { checksumText } from './checksums.js';
import { resolveDatasets } from './datasets.js';
import { openExportFolder, type ExportFolder } from './export-folder.js';
import { loadersOf } from './loaders.js';
import { writeError } from './output-file.js';
import { readColumns } from './read-columns.js';
import { keyColumns, requireSplit } from './rows-query.js';
import { lockFolder, withSnapshot, type Snapshot } from './snapshot.js';
import type { Dataset, ExportRequest } from './types.js';
import { writeRows } from './write-rows.js';

/** What an export works with. */
export interface ExportOptions {
  readonly manifest: Manifest;
  readonly adapter: Adapter;
  readonly requests: readonly ExportRequest[];
  readonly batchRows: number;
  readonly sink: EventSink;
  readonly signal: AbortSignal;
}

/** A dataset that was exported: its card, its folder and the names of its files, the data files first. */
export interface ExportedDataset {
  readonly card: DataCard;
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * Writes datasets to files, all from one snapshot of the database; they take their final names together when the last of them is whole. Whatever
 * breaks off leaves the former export as it was. Throws EXPORT.* and what the database says.
 */
export async function exportDatasets(options: ExportOptions): Promise<readonly ExportedDataset[]> {
  const datasets = resolveDatasets(options.manifest, options.requests);
  const relations = datasets.map((dataset) => ({ relation: dataset.relation, name: dataset.node.name }));
  return await withSnapshot(options.adapter, relations, async (snapshot) => {
    const folders = await openFolders(snapshot.session, options.adapter, datasets);
    try {
      const exported: ExportedDataset[] = [];
      for (const dataset of datasets)
        exported.push(await exportDataset(snapshot, dataset, folderOf(folders, dataset), options));
      throwIfAborted(options.signal);
      for (const [path, folder] of folders) {
        const own = exported.filter((one) => one.folder === path);
        const names = own.flatMap((one) => one.files);
        await folder.publish(names, await obsoleteFiles(path, own, names));
      }
      return exported;
    } finally {
      for (const folder of folders.values()) await folder.discard();
    }
  });
}

async function openFolders(
  session: Session,
  adapter: Adapter,
  datasets: readonly Dataset[],
): Promise<ReadonlyMap<string, ExportFolder>> {
  const folders = new Map<string, ExportFolder>();
  const { host, port, database } = adapter.settings;
  for (const path of [...new Set(datasets.map((dataset) => dataset.folder))].sort()) {
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      throw writeError(path, error);
    });
    await lockFolder(session, await realpath(path), hostname());
    folders.set(path, await openExportFolder(path, `${host}:${port}/${database}`));
  }
  return folders;
}

function folderOf(folders: ReadonlyMap<string, ExportFolder>, dataset: Dataset): ExportFolder {
  const folder = folders.get(dataset.folder);
  if (folder === undefined) throw new Error(`no folder was opened for ${dataset.name}`);
  return folder;
}

async function exportDataset(
  snapshot: Snapshot,
  dataset: Dataset,
  folder: ExportFolder,
  options: ExportOptions,
): Promise<ExportedDataset> {
  const { session } = snapshot;
  const { sink } = options;
  const label = `${dataset.name} (${dataset.format})`;
  const startedAt = new Date();
  sink({ kind: 'export-start', id: dataset.id, label });
  try {
    const columns = await readColumns(session, snapshot.oids.get(dataset.relation) ?? 0, dataset.relation);
    requireSplit(dataset, columns);
    const key = keyColumns(dataset.node, options.manifest, columns);
    const written = await writeRows({
      session,
      dataset,
      columns,
      key,
      batchRows: options.batchRows,
      draftOf: (name) => folder.draftOf(name),
      sink,
      throwIfAborted: () => throwIfAborted(options.signal),
    });
    const card = await makeCard(session, options.manifest, dataset, columns, key, written);
    const files = await writeCompanions(card, folder);
    const bytes = card.files.reduce((sum, file) => sum + file.bytes, 0);
    sink({
      kind: 'export-end',
      id: dataset.id,
      label,
      result: { status: 'success', rows: card.rows, bytes, files: card.files.length, startedAt, endedAt: new Date() },
    });
    return { card, folder: folder.path, files };
  } catch (error) {
    const located = error instanceof ChemflowError ? named(error, dataset) : error;
    sink({
      kind: 'export-end',
      id: dataset.id,
      label,
      result: { status: 'error', rows: 0, bytes: 0, files: 0, startedAt, endedAt: new Date() },
    });
    throw located;
  }
}

/** The name before every companion of a dataset's files: its card, its checksums, its loaders. */
export function companionName(card: Pick<DataCard, 'dataset' | 'format'>, ending: string): string {
  return `${card.dataset}.${card.format}.${ending}`;
}

/** Writes what stands beside the data files; resolves the names of all files, the checksums last. */
async function writeCompanions(card: DataCard, folder: ExportFolder): Promise<readonly string[]> {
  const texts: Readonly<Record<string, string>> = {
    'card.json': `${JSON.stringify(card, null, 2)}\n`,
    'card.md': cardMarkdown(card),
    ...loadersOf(card),
  };
  const files = card.files.map(({ name, sha256 }) => ({ name, sha256 }));
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(folder.draftOf(name), text, { flush: true, flag: 'wx' }).catch((error: unknown) => {
      throw writeError(name, error);
    });
  };
  for (const [ending, text] of Object.entries(texts)) {
    const name = companionName(card, ending);
    await write(name, text);
    files.push({ name, sha256: createHash('sha256').update(text).digest('hex') });
  }
  const checksums = companionName(card, 'sha256');
  await write(checksums, checksumText(files));
  return [...files.map((file) => file.name), checksums];
}

/** The data files that the former export of the same datasets wrote and this one does not. */
async function obsoleteFiles(
  folder: string,
  exported: readonly ExportedDataset[],
  names: readonly string[],
): Promise<readonly string[]> {
  const obsolete: string[] = [];
  for (const { card } of exported) {
    const text = await readFile(join(folder, companionName(card, 'card.json')), 'utf8').catch(() => '{}');
    for (const name of fileNames(text))
      if (name.startsWith(`${card.dataset}.`) && name.endsWith(`.${card.format}`) && !names.includes(name))
        obsolete.push(name);
  }
  return obsolete;
}

/** The names of the data files that a card speaks of; none where it cannot be read. */
function fileNames(card: string): readonly string[] {
  try {
    const { files } = JSON.parse(card) as Partial<DataCard>;
    return (files ?? []).map((file) => file.name).filter((name) => typeof name === 'string' && !/[/\\]/.test(name));
  } catch {
    return [];
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  if (signal.reason instanceof ChemflowError) throw signal.reason;
  throw new ChemflowError({ code: 'RUN.INTERRUPTED', message: 'Interrupted; what was exported before is untouched.' });
}

/** An error that says which dataset it is about. */
function named(error: ChemflowError, dataset: Dataset): ChemflowError {
  if (error.code === 'RUN.INTERRUPTED' || error.message.includes(dataset.name)) return error;
  return new ChemflowError({
    code: error.code,
    message: `${dataset.name} was not exported: ${error.message}`,
    hint: error.hint,
    place: error.place,
    cause: error,
    exitCode: error.exitCode,
  });
}
