import { ChemflowError, didYouMean } from '../error/index.js';
import { csvExporter } from './csv.js';
import { jsonlExporter } from './jsonl.js';
import { parquetExporter } from './parquet.js';
import type { Exporter } from './types.js';

/** Every file format, in the order of the help. */
const exporters: readonly Exporter[] = [parquetExporter, jsonlExporter, csvExporter];

/** The names of the formats, which are the endings of their files too. */
export const exportFormats: readonly string[] = exporters.map((exporter) => exporter.format);

/** The exporter of a format; throws CLI.USAGE for one that there is not. */
export function exporterOf(format: string): Exporter {
  const found = exporters.find((exporter) => exporter.format === format);
  if (found !== undefined) return found;
  throw new ChemflowError({
    code: 'CLI.USAGE',
    message: `"${format}" is no format of an export.`,
    hint: didYouMean(format, exportFormats) ?? `formats are ${exportFormats.join(', ')}`,
  });
}
