export { createNodeRenderer, type NodeRendererOptions } from './node-renderer.js';
