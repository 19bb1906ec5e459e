import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ChemflowError } from '../error/index.js';
import type { Adapter, Manifest, Session } from '../types/index.js';
import type { CardColumn, DataCard } from './card.js';
import { readChecksums } from './checksums.js';
import { createColumnDigests } from './column-digests.js';
import { isExportable } from './datasets.js';
import { readDatasetMeta } from './dataset-meta.js';
import { readAsOf } from './provenance.js';
import { readColumns } from './read-columns.js';
import { readRows } from './read-rows.js';
import { rowsQuery, splitColumn } from './rows-query.js';
import { withSnapshot } from './snapshot.js';
import type { Dataset, DatasetColumn } from './types.js';

/** Something that is no longer as it was exported; `what` is a sentence. */
export interface Drift {
  readonly dataset: string;
  readonly kind: 'corrupted' | 'unfinished' | 'missing' | 'columns' | 'rows' | 'values' | 'model';
  readonly what: string;
}

/** What a verification works with. */
export interface VerifyOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly adapter: Adapter;
  readonly batchRows: number;
  /** Remarks that are no drift. */
  readonly note: (text: string) => void;
}

/** Compares an exported folder with its checksums, and its cards with the database as it is now. Throws EXPORT.NOTHING where the folder holds no export. */
export async function verifyExport(
  options: VerifyOptions,
): Promise<{ readonly datasets: readonly string[]; readonly drifts: readonly Drift[] }> {
  const names = await readdir(options.folder).catch(() => []);
  const cardNames = names.filter((name) => name.endsWith('.card.json')).sort();
  if (cardNames.length === 0)
    throw new ChemflowError({
      code: 'EXPORT.NOTHING',
      message: `${options.folder} holds no export: there is no *.card.json in it.`,
      hint: 'name the folder that chemflow export --out wrote to',
    });
  const drifts: Drift[] = [];
  for (const name of names.filter((one) => one.startsWith('.chemflow-export-')))
    if (existsSync(join(options.folder, name, 'publish.json')))
      drifts.push({
        dataset: '',
        kind: 'unfinished',
        what: 'An export was killed while it put its files in their places: the next export into this folder finishes that.',
      });
  const cards: DataCard[] = [];
  for (const cardName of cardNames) {
    drifts.push(...(await corruptions(options.folder, cardName)));
    const card = readCard(await readFile(join(options.folder, cardName), 'utf8'));
    if (card === undefined)
      drifts.push({ dataset: cardName, kind: 'corrupted', what: `${cardName} is no data card any more.` });
    else cards.push(card);
  }
  drifts.push(...(await compareWithDatabase(cards, options)));
  return { datasets: cards.map((card) => `${card.dataset} (${card.format})`), drifts };
}

function readCard(text: string): DataCard | undefined {
  try {
    const card = JSON.parse(text) as DataCard;
    return (card.card_version as number) === 1 && Array.isArray(card.columns) && Array.isArray(card.files)
      ? card
      : undefined;
  } catch {
    return undefined;
  }
}

async function corruptions(folder: string, cardName: string): Promise<readonly Drift[]> {
  const dataset = cardName.replace(/\.card\.json$/, '');
  const checksumName = `${dataset}.sha256`;
  const text = await readFile(join(folder, checksumName), 'utf8').catch(() => undefined);
  if (text === undefined)
    return [{ dataset, kind: 'missing', what: `${checksumName} is gone, so the files cannot be checked.` }];
  const drifts: Drift[] = [];
  for (const { name, sha256 } of readChecksums(text)) {
    const found = await fileDigest(join(folder, name));
    if (found === undefined) drifts.push({ dataset, kind: 'missing', what: `${name} is gone.` });
    else if (found !== sha256)
      drifts.push({
        dataset,
        kind: 'corrupted',
        what: `${name} is not the file that was exported: its sha-256 is ${found}, it was ${sha256}.`,
      });
  }
  return drifts;
}

async function fileDigest(path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function compareWithDatabase(cards: readonly DataCard[], options: VerifyOptions): Promise<readonly Drift[]> {
  const drifts: Drift[] = [];
  const datasets: { readonly card: DataCard; readonly dataset: Dataset }[] = [];
  for (const card of cards) {
    const node = options.manifest.nodes[card.model];
    if (node === undefined || !isExportable(node))
      drifts.push({
        dataset: card.dataset,
        kind: 'model',
        what: `${card.model} is no model of this project any more.`,
      });
    else {
      const request = { id: card.model, format: card.format, folder: options.folder, isSplit: card.is_split };
      const name = card.dataset;
      datasets.push({
        card,
        dataset: { ...request, node, name, relation: node.relation_name ?? '', meta: node.config.meta },
      });
    }
  }
  for (const { card, dataset } of datasets) {
    const relations = [{ relation: dataset.relation, name: dataset.node.name }];
    try {
      const found = await withSnapshot(options.adapter, relations, async ({ session, oids }) => {
        const columns = await readColumns(session, oids.get(dataset.relation) ?? 0, dataset.relation);
        await noteAsOf(session, card, dataset, options);
        return await compareRows(session, card, dataset, columns, options.batchRows);
      });
      drifts.push(...found);
    } catch (error) {
      if (!(error instanceof ChemflowError) || error.code !== 'EXPORT.NOT_BUILT') throw error;
      drifts.push({
        dataset: card.dataset,
        kind: 'model',
        what: 'It is not in the database any more.',
      });
    }
  }
  return drifts;
}

async function noteAsOf(session: Session, card: DataCard, dataset: Dataset, options: VerifyOptions): Promise<void> {
  const { asOf } = readDatasetMeta(dataset.meta);
  if (asOf === null || card.as_of === null) return;
  const now = await readAsOf(session, options.manifest, asOf);
  if (now !== card.as_of)
    options.note(`${card.dataset} was exported as of ${card.as_of}; the warehouse is as of ${now ?? 'no moment'} now.`);
}

async function compareRows(
  session: Session,
  card: DataCard,
  dataset: Dataset,
  columns: readonly DatasetColumn[],
  batchRows: number,
): Promise<readonly Drift[]> {
  const drifts: Drift[] = [...columnDrifts(card, columns)];
  const hasOrder = [...card.order, ...(card.is_split ? [splitColumn] : [])].every((name) =>
    columns.some((column) => column.name === name),
  );
  const digests = createColumnDigests(columns.length);
  // Where the columns of the order are gone, the rows can only be counted.
  const query = rowsQuery(hasOrder ? dataset : { ...dataset, isSplit: false }, columns, hasOrder ? card.order : []);
  for await (const batch of readRows(session, query, columns.length, batchRows)) digests.add(batch);
  const found = digests.finish();
  if (found.rows !== card.rows)
    drifts.push({ dataset: card.dataset, kind: 'rows', what: `It has ${found.rows} rows now, and had ${card.rows}.` });
  else if (hasOrder) {
    const changed = card.columns.filter((column) => {
      const index = columns.findIndex((one) => one.name === column.name);
      return index >= 0 && found.columns[index]?.sha256 !== column.values_sha256;
    });
    if (changed.length > 0)
      drifts.push({
        dataset: card.dataset,
        kind: 'values',
        what: `Values changed in ${changed.map((column) => column.name).join(', ')}.`,
      });
  }
  return drifts;
}

function columnDrifts(card: DataCard, columns: readonly DatasetColumn[]): readonly Drift[] {
  const { dataset } = card;
  const now = new Map(columns.map((column) => [column.name, column]));
  const then = new Map(card.columns.map((column): [string, CardColumn] => [column.name, column]));
  const drifts: Drift[] = [];
  for (const column of card.columns) {
    const found = now.get(column.name);
    if (found === undefined) drifts.push({ dataset, kind: 'columns', what: `Column ${column.name} is gone.` });
    else if (found.postgresType !== column.postgres_type)
      drifts.push({
        dataset,
        kind: 'columns',
        what: `Column ${column.name} is ${found.postgresType} now, and was ${column.postgres_type}.`,
      });
  }
  for (const column of columns)
    if (!then.has(column.name)) drifts.push({ dataset, kind: 'columns', what: `Column ${column.name} is new.` });
  return drifts;
}
