export { declarationHint, deriveRelations, type DeriveInput } from './derived.js';
export { builtOfPeople, planForgetting, type Forgetting } from './plan.js';
export { findHeld, refreshViews, removeHeld, type Held, type HeldRows, type HeldView } from './held.js';
export { ownTexts, searchFor, searchIn, type Found } from './search.js';
