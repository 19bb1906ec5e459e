export { ChemflowError, ChemflowErrors, throwAll, type ErrorDetails } from './chemflow-error.js';
export { placeAt, type Place } from './place.js';
export { formatError, formatPlace } from './format-error.js';
export { didYouMean } from './did-you-mean.js';
