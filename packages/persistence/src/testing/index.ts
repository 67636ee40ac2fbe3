export { catalogFindings } from './catalog.js';
export { freshDatabase, type FreshDatabase, TEST_PASSWORDS } from './fresh-database.js';
