import type { Argv } from 'yargs';
import type { Manifest, Resource, ResourceId, ResourceType, UnitTest } from '../types/index.js';
import type { Command, GlobalOptions } from './command.js';
import { prepare, select } from './prepare.js';
import { withSelection, type SelectionOptions } from './selection-options.js';

const resourceTypes = ['model', 'seed', 'snapshot', 'test', 'analysis', 'source', 'exposure', 'unit_test'] as const;
const outputs = ['selector', 'name', 'path', 'json'] as const;

interface LsOptions extends SelectionOptions {
  readonly resourceType: readonly (typeof resourceTypes)[number][];
  readonly output: (typeof outputs)[number];
  readonly outputKeys: readonly string[];
}

const defaultKeys = [
  'alias',
  'name',
  'package_name',
  'depends_on',
  'tags',
  'config',
  'resource_type',
  'source_name',
  'original_file_path',
  'unique_id',
];

/** The resource of an id, whatever part of the manifest it is in. */
function resourceOf(manifest: Manifest, id: ResourceId): Resource | undefined {
  return manifest.nodes[id] ?? manifest.sources[id] ?? manifest.exposures[id] ?? manifest.unitTests[id];
}

function versionedName(test: UnitTest): string {
  return test.version === null ? test.name : `${test.name}_v${test.version}`;
}

/** One resource in the form of `--output`. */
function lineOf(resource: Resource, options: LsOptions): string {
  switch (options.output) {
    case 'name':
      return resource.name;
    case 'path':
      return resource.original_file_path;
    case 'json': {
      const keys = options.outputKeys.length > 0 ? options.outputKeys : defaultKeys;
      const entries = keys.map((key) => [key, (resource as unknown as Record<string, unknown>)[key]] as const);
      return JSON.stringify(Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
    }
    case 'selector':
      if (resource.resource_type === 'source') return `source:${resource.fqn.join('.')}`;
      if (resource.resource_type === 'unit_test')
        return `unit_test:${resource.package_name}.${versionedName(resource)}`;
      return resource.fqn.join('.');
  }
}

/** `chemflow ls`: the resources of the project, one a line, as dbt lists them; connects to nothing. */
export const lsCommand: Command<LsOptions> = {
  options: (parser: Argv<GlobalOptions>) =>
    withSelection(parser).options({
      'resource-type': {
        alias: 'resource-types',
        choices: resourceTypes,
        array: true,
        default: [],
        describe: 'Only resources of these types',
      },
      output: { choices: outputs, default: 'selector', describe: 'How a resource is written' },
      'output-keys': { type: 'string', array: true, default: [], describe: 'Keys of --output json' },
    }) as unknown as Argv<LsOptions>,
  run: async (options, context) => {
    const prepared = await prepare(options, context, 'list');
    const types: readonly ResourceType[] | undefined =
      options.resourceType.length > 0 ? options.resourceType : undefined;
    const lines = select(prepared, options, context, types).flatMap((id) => {
      const resource = resourceOf(prepared.manifest, id);
      return resource === undefined ? [] : [lineOf(resource, options)];
    });
    if (lines.length > 0) context.terminal.out(lines.join('\n'));
    return 0;
  },
};
