import { join } from 'node:path';
import { REPOSITORY } from '../state/places.js';

/**
 * Where a test run keeps what it starts; `npm test` empties it before and ends what is left in it after.
 * @param suite a folder of its own for a suite that starts a whole system
 */
export const testHome = (suite = ''): string => join(REPOSITORY, '.agf/test', suite);
