export { catalogFindings } from './catalog.js';
export { startS3Server, type S3Server } from './s3-server.js';
export { freshDatabase, type FreshDatabase, TEST_PASSWORDS } from './fresh-database.js';
