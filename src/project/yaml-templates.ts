// A module of its own, so that the template engine is loaded with it and not before.
export { createYamlRenderer } from '../context/index.js';
