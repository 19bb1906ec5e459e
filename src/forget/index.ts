export { planForgetting, type Forgetting } from './plan.js';
export { findHeld, removeHeld, type Held, type HeldRows } from './held.js';
export { ownTexts, searchFor, type Found } from './search.js';
