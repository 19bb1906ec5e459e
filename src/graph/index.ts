export { buildGraph, type DependencyOptions, type Graph } from './graph.js';
export { findCircles } from './find-circles.js';
export { circleError } from './circle-error.js';
export { selectResources, type IndirectSelection, type SelectionInput } from './select-resources.js';
export { readSelectors, type NamedSelector } from './named-selectors.js';
