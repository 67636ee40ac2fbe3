export { healthCheck, HealthCheck, type Finding, type HealthCheckOptions, type HealthStatus } from './health-check.js';
export { HealthRegistry, type Component, type Health } from './health-registry.js';
