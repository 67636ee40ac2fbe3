export { createService, type Service } from './create-service.js';
export { runService } from './run-service.js';
export { type ServiceDefinition, type ServiceOptions } from './service-options.js';
