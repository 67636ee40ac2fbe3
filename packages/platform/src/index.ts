export * from './auth/index.js';
export * from './bootstrap/index.js';
export * from './config/index.js';
export * from './errors/index.js';
export * from './health/index.js';
export * from './http/index.js';
export * from './logging/index.js';
export * from './telemetry/index.js';
export { openApiDocument, type OpenApiOptions } from './openapi/serve.js';
