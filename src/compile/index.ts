export { createNodeRenderer, type NodeRendererOptions, type TemplateCatalog } from './node-renderer.js';
