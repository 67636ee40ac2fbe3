export * from './bundles.js';
export * from './create-execution-worker.js';
export * from './create-approval-worker.js';
export * from './activity-context.js';
export * from './failure.js';
export { beat } from './heartbeat.js';
export * from './install-runtime.js';
export * from './large-payloads.js';
export { bundleId, versionOf, type WorkerVersion } from './worker-version.js';
