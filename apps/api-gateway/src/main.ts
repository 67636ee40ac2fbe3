import { startTelemetry } from '@aumos/agf-platform/instrument';

startTelemetry({ service: 'api-gateway', env: process.env });
// What is to be traced loads after the tracer.
const { bootstrap } = await import('./bootstrap.js');
await bootstrap();
