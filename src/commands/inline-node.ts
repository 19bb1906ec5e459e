import { createHash } from 'node:crypto';
import type { Analysis, Manifest, Project } from '../types/index.js';

/** A manifest with one more analysis: the SQL of `--inline`, so that it is rendered and explained like a file. */
export function withInlineNode(
  manifest: Manifest,
  project: Project,
  sql: string,
): { readonly manifest: Manifest; readonly id: string } {
  const packageName = project.root.name;
  const id = `analysis.${packageName}.inline_query`;
  const file = 'inline_query.sql';
  const node: Analysis = {
    unique_id: id,
    resource_type: 'analysis',
    name: 'inline_query',
    package_name: packageName,
    path: file,
    original_file_path: file,
    fqn: [packageName, 'inline_query'],
    database: project.target.connection.database,
    schema: project.target.schema,
    alias: 'inline_query',
    relation_name: null,
    raw_code: sql,
    language: 'sql',
    checksum: { name: 'sha256', checksum: createHash('sha256').update(sql).digest('hex') },
    config: {
      enabled: true,
      materialized: 'view',
      tags: [],
      meta: {},
      grants: {},
      persist_docs: {},
      'pre-hook': [],
      'post-hook': [],
      quoting: {},
      column_types: {},
    },
    unrendered_config: {},
    tags: [],
    meta: {},
    description: '',
    columns: {},
    patch_path: null,
    docs: { show: false },
    refs: [],
    sources: [],
    // It may read whatever there is: nothing is built for it, so that no order hangs on what it names.
    depends_on: { nodes: [...Object.keys(manifest.nodes), ...Object.keys(manifest.sources)], macros: [] },
    created_at: Date.now() / 1000,
    line: 1,
  };
  const files = { ...manifest.files, [file]: sql };
  return { manifest: { ...manifest, nodes: { ...manifest.nodes, [id]: node }, files }, id };
}
