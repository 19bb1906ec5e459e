import { fileURLToPath } from 'node:url';

/** Absolute path of chemflow's own package folder, with a trailing slash; the same from src/ and from dist/. */
export const packageRoot: string = fileURLToPath(new URL('../../', import.meta.url));
