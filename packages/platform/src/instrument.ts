// Imported first by an app's main.ts, before anything that is to be traced is loaded: it therefore imports nothing else.
import { register } from 'node:module';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK, type NodeSDKConfiguration, resources, tracing } from '@opentelemetry/sdk-node';
import { httpSettings, telemetrySettings } from './config/catalogue.js';
import { type Environment } from './config/setting.js';
import { defineSettings, loadSettings, type Settings } from './config/settings.js';
import { startOnce } from './telemetry/lifecycle.js';

export interface TelemetryOptions {
  /** the app's name: `service.name` of its spans */
  service: string;
  env: Environment;
}

/** What carries a trace to another process. */
const CARRIERS = ['http', 'https', 'kafkajs'];
/** Where a trace ends: their spans are made only for a collector, for they cost as much as what they measure. */
const STORES = ['pg', 'pg-pool', 'ioredis'];

const OWN = defineSettings({ ...telemetrySettings, host: httpSettings.host });
const PROBES = new Set(['/live', '/ready']);

/**
 * Starts tracing: there is always a tracer, so that log lines carry trace ids; spans leave the process only when
 * AUMOS_AGF_OTEL_ENDPOINT names a collector. Metrics are kept only where AUMOS_AGF_METRICS_PORT says who may read them.
 * Call it before `await import('./bootstrap.js')`; a second call does nothing.
 */
export function startTelemetry({ service, env }: TelemetryOptions): void {
  startOnce(() => {
    const { otelEndpoint: endpoint, metricsPort, host } = settingsOf(env) ?? {};
    const exported = endpoint !== undefined;
    // Only these go through the loader's hook: through it every module would cost, a second of CPU at each start.
    const include = exported ? [...CARRIERS, ...STORES] : CARRIERS;
    register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, { data: { include } });
    const sdk = new NodeSDK({
      resource: resources.resourceFromAttributes({ 'service.name': service, 'service.namespace': 'aumos' }),
      autoDetectResources: false,
      spanProcessors: [withoutQueries, spanProcessor(endpoint)],
      // A server of its own, so that nothing of it is reached where the API is.
      metricReaders: metricsPort === undefined ? [] : [new PrometheusExporter({ host, port: metricsPort })],
      logRecordProcessors: [],
      instrumentations: exported ? [...carriers(), ...stores()] : carriers(),
    });
    sdk.start();
    return () => sdk.shutdown();
  });
}

/** Without any processor there would be no tracer, and so no trace ids. */
function spanProcessor(endpoint: string | undefined): tracing.SpanProcessor {
  if (endpoint === undefined) return new tracing.NoopSpanProcessor();
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  return new tracing.BatchSpanProcessor(new OTLPTraceExporter({ url }));
}

/** Queries of URLs may hold tokens and signatures: they do not leave the process. */
const withoutQueries: tracing.SpanProcessor = {
  onStart(span): void {
    const { 'url.query': query, 'url.full': full } = span.attributes;
    if (query !== undefined) span.setAttribute('url.query', '');
    if (typeof full === 'string') span.setAttribute('url.full', full.split('?')[0] ?? '');
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

type Instrumentations = NonNullable<NodeSDKConfiguration['instrumentations']>;

const carriers = (): Instrumentations => [
  new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => PROBES.has(url?.split('?')[0] ?? '') }),
  new KafkaJsInstrumentation(),
];

/** Statements are recorded as they are prepared, Redis commands by their name: never the values. */
const stores = (): Instrumentations => [
  new PgInstrumentation({ requireParentSpan: true }),
  new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
];

/** A wrong value is reported with all the others when the app loads its settings. */
function settingsOf(env: Environment): Settings<typeof OWN> | undefined {
  try {
    return loadSettings(OWN, env);
  } catch {
    return undefined;
  }
}
