export { createNodeRenderer, type NodeRendererOptions } from './node-renderer.js';
export { startTemplateWorker, type TemplateWorker } from './template-worker.js';
