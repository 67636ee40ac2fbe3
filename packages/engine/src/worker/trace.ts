import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  propagation,
  trace,
  type Attributes,
} from '@opentelemetry/api';

export interface SpanSite {
  name: string;
  traceparent: string | undefined;
  attributes: Attributes;
}

const tracer = trace.getTracer('@aumos/agf-engine');

/** Runs `run` in a span whose parent came as data: workflow code makes no spans, so a replay never repeats one. */
export function inSpan<T>(site: SpanSite, run: () => Promise<T>): Promise<T> {
  const parent = site.traceparent
    ? propagation.extract(ROOT_CONTEXT, { traceparent: site.traceparent })
    : context.active();
  return tracer.startActiveSpan(
    site.name,
    { kind: SpanKind.CONSUMER, attributes: site.attributes },
    parent,
    async (span) => {
      try {
        return await run();
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
        throw error;
      } finally {
        span.end();
      }
    },
  );
}
