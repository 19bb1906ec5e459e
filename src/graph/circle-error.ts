import { ChemflowError, placeAt, type Place } from '../error/index.js';
import type { Manifest, Resource, ResourceId } from '../types/index.js';
import { resourcesOf } from './resources.js';

function referencePlace(manifest: Manifest, resource: Resource, parent: Resource | undefined): Place | undefined {
  const text = manifest.files[resource.original_file_path];
  if (text === undefined) return undefined;
  const call =
    parent === undefined ? null : new RegExp(`ref\\s*\\([^)]*['"]${parent.name.replaceAll('.', '\\.')}['"]`).exec(text);
  return placeAt(resource.original_file_path, text, call?.index ?? 0);
}

/** `GRAPH.CIRCLE` for a path that ends where it began; it names every step, and stands at the first reference of the circle. */
export function circleError(manifest: Manifest, circle: readonly ResourceId[]): ChemflowError {
  const resources = resourcesOf(manifest);
  const words = circle.map((id) => resources.get(id)?.name ?? id);
  const [first, second] = circle;
  const start = first === undefined ? undefined : resources.get(first);
  const parent = second === undefined ? undefined : resources.get(second);
  return new ChemflowError({
    code: 'GRAPH.CIRCLE',
    message:
      words.length === 2
        ? `${words[0] ?? ''} reads from itself.`
        : `These resources read from each other in a circle: ${words.join(' -> ')}.`,
    hint:
      words.length === 2
        ? 'a model reads its own rows through {{ this }}, in an incremental model, not through ref()'
        : 'take one of these references away, or move what both need into a model of its own',
    place: start === undefined ? undefined : referencePlace(manifest, start, parent),
  });
}
