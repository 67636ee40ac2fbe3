import 'reflect-metadata';

export * from './artifacts/artifact-content.js';
export * from './artifacts/artifact-contents.js';
export * from './artifacts/artifact-store.js';
export { type ArtifactStorageOptions, provideContents } from './artifacts/provide-contents.js';
export { type S3Options } from './artifacts/s3/s3-options.js';
export * from './data-source/assert-unprivileged.js';
export * from './data-source/create-data-source.js';
export * from './data-source/ping-database.js';
export * from './entities/index.js';
export { ROLES as DATABASE_ROLES } from './migrations/initial-schema.js';
export { migrate } from './migrations/migrate.js';
export * from './nest/persistence.module.js';
export * from './payloads/payload-store.js';
export { provisionDatabase, type Provision } from './provision/provision-database.js';
export * from './repositories/index.js';
export * from './secrets/secret-box.js';
export * from './tenant/tenant-db.js';
