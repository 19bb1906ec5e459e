import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { ChemflowError } from '../error/index.js';
import {
  exportDatasets,
  exportFormats,
  isExportable,
  mayLeave,
  verifyExport,
  type ExportRequest,
} from '../export/index.js';
import type { Command, CommandContext, ExitCode, GlobalOptions } from './command.js';
import { declaredRequests } from './declared-exports.js';
import { prepare, select, type Prepared } from './prepare.js';
import { withSelection, type SelectionOptions } from './selection-options.js';
import { openWarehouse } from './warehouse.js';

interface ExportOptions extends SelectionOptions {
  readonly format?: string | undefined;
  readonly out?: string | undefined;
  readonly split?: boolean | undefined;
  readonly verify?: string | undefined;
}

/** `chemflow export`: writes models to files with a data card, or compares such files with the warehouse. */
export const exportCommand: Command<ExportOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    withSelection(parser).options({
      format: { choices: exportFormats, describe: 'File format (parquet unless told)' },
      out: { type: 'string', describe: 'Folder for the files (exports unless told)' },
      split: { type: 'boolean', describe: 'One file a value of the column "split"' },
      verify: { type: 'string', describe: 'Compare the files of a folder with their checksums and with the warehouse' },
    }) as unknown as Argv<ExportOptions>,
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'export');
    if (options.verify !== undefined) return await verify(options.verify, prepared, context);
    const requests = requestsOf(options, prepared, context);
    if (requests.length === 0)
      throw new ChemflowError({
        code: 'EXPORT.NOTHING',
        message: 'There is nothing to export: no model with a relation of its own was selected.',
        hint: 'chemflow ls --resource-type model shows what there is',
      });
    const warehouse = await openWarehouse(prepared.project, context);
    try {
      const exported = await exportDatasets({
        manifest: prepared.manifest,
        adapter: warehouse.adapter,
        requests,
        batchRows: prepared.project.batchSize,
        sink: context.terminal.sink,
        signal: warehouse.signal,
      });
      for (const folder of new Set(exported.map((one) => one.folder))) {
        const count = exported.filter((one) => one.folder === folder).length;
        context.terminal.err(`Exported ${count} ${count === 1 ? 'dataset' : 'datasets'} to ${folder}`);
      }
      return 0;
    } finally {
      await warehouse.close();
    }
  },
};

/** What the options ask for: the chosen models; without a choice the exports of chemflow.yml, or else every model that may leave. */
function requestsOf(options: ExportOptions, prepared: Prepared, context: CommandContext): readonly ExportRequest[] {
  const { project, manifest } = prepared;
  const isChosen = options.select.length > 0 || options.exclude.length > 0 || options.selector !== undefined;
  if (!isChosen && project.root.exports.length > 0) {
    return declaredRequests(prepared, context).map((request) => ({
      ...request,
      format: options.format ?? request.format,
      folder: options.out === undefined ? request.folder : resolve(context.io.cwd, options.out),
      isSplit: options.split ?? request.isSplit,
    }));
  }
  const ids = select(prepared, options, context, ['model', 'seed', 'snapshot']).filter((id) =>
    isExportable(manifest.nodes[id]),
  );
  const allowed =
    options.select.length > 0 || options.selector !== undefined ? ids : ids.filter((id) => mayLeave(id, manifest));
  if (allowed.length < ids.length)
    context.terminal.err(`${ids.length - allowed.length} relations with personal data are left out.`);
  return allowed.map((id) => ({
    id,
    format: options.format ?? 'parquet',
    folder: options.out === undefined ? resolve(project.root.root, 'exports') : resolve(context.io.cwd, options.out),
    isSplit: options.split ?? false,
  }));
}

async function verify(folder: string, prepared: Prepared, context: CommandContext): Promise<ExitCode> {
  const warehouse = await openWarehouse(prepared.project, context);
  const { terminal } = context;
  try {
    const { datasets, drifts } = await verifyExport({
      folder: resolve(context.io.cwd, folder),
      manifest: prepared.manifest,
      adapter: warehouse.adapter,
      batchRows: prepared.project.batchSize,
      note: (text) => terminal.err(text),
    });
    for (const drift of drifts)
      terminal.out(
        `${drift.kind.toUpperCase()} ${[drift.dataset, drift.what].filter((text) => text !== '').join(': ')}`,
      );
    if (drifts.length === 0) terminal.out(`${datasets.join(', ')}: as exported, and as in the warehouse.`);
    return drifts.length === 0 ? 0 : 1;
  } finally {
    await warehouse.close();
  }
}
