import type { createYamlRenderer } from '../context/index.js';
import type { Json } from '../types/index.js';
import { hasJinja, isObject, type YamlFile, type YamlPath } from './yaml-file.js';

/** Makes a renderer of strings with Jinja; called only where there is such a string, because the template engine takes long to load. */
export type CreateRenderer = typeof createYamlRenderer;

/** What strings may use: all that a renderer is made of but the file's text. */
export type YamlScope = Omit<Parameters<CreateRenderer>[0], 'fileText'>;

/** Renders the Jinja in the strings of a YAML file's part; parts without are returned as they are. */
export function renderYamlWith(
  createRenderer: CreateRenderer,
  value: Json,
  file: YamlFile,
  path: YamlPath,
  scope: YamlScope,
  isSkipped: (path: YamlPath) => boolean = () => false,
): Json {
  if (!hasJinja(file.text)) return value;
  let renderer: ReturnType<CreateRenderer> | undefined;
  const walk = (inner: Json, at: YamlPath): Json => {
    if (isSkipped(at)) return inner;
    if (typeof inner === 'string') {
      if (!hasJinja(inner)) return inner;
      renderer ??= createRenderer({ ...scope, fileText: file.text });
      return renderer.render(inner, { file: file.file, path: at, line: file.lineOf(at) });
    }
    if (Array.isArray(inner)) return (inner as readonly Json[]).map((item, index) => walk(item, [...at, index]));
    if (!isObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, walk(item, [...at, key])]));
  };
  return walk(value, path);
}
