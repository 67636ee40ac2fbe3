// Imported first by an app's main.ts, before anything that is to be traced is loaded: it therefore imports nothing else.
import { register } from 'node:module';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { telemetrySettings } from './config/catalogue.js';
import { type Environment } from './config/setting.js';
import { loadSettings } from './config/settings.js';

export interface TelemetryOptions {
  /** the app's name: `service.name` of its spans */
  service: string;
  env: Environment;
}

/** Flushes what is not yet exported. */
export type StopTelemetry = () => Promise<void>;

let running: StopTelemetry | undefined;

const PROBES = new Set(['/live', '/ready']);

/**
 * Starts tracing: there is always a tracer, so that log lines carry trace ids; spans leave the process only when
 * AUMOS_AGF_OTEL_ENDPOINT names a collector. Call it before `await import('./bootstrap.js')`, once a process.
 */
export function startTelemetry({ service, env }: TelemetryOptions): StopTelemetry {
  if (running) return running;
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  const endpoint = endpointOf(env);
  const exporter = endpoint === undefined ? undefined : new OTLPTraceExporter({ url: tracesUrl(endpoint) });
  const sdk = new NodeSDK({
    resource: resources.resourceFromAttributes({ 'service.name': service, 'service.namespace': 'aumos' }),
    autoDetectResources: false,
    spanProcessors: exporter ? [new tracing.BatchSpanProcessor(exporter)] : [],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => PROBES.has(url?.split('?')[0] ?? '') }),
      // Statements are parameterised, and their values are not recorded.
      new PgInstrumentation({ requireParentSpan: true }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
      new KafkaJsInstrumentation(),
    ],
  });
  sdk.start();
  return (running = () => sdk.shutdown());
}

const tracesUrl = (endpoint: string): string => `${endpoint.replace(/\/+$/, '')}/v1/traces`;

/** A wrong value is reported with all the others when the app loads its settings. */
function endpointOf(env: Environment): string | undefined {
  try {
    return loadSettings(telemetrySettings, env).otelEndpoint;
  } catch {
    return undefined;
  }
}
