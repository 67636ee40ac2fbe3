import { type Context, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type ReceivedEvent } from '../contract/received-event.js';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The trace of the event's writer, which the handler's span continues. */
function writerContext(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: parseInt(flags, 16), isRemote: true });
}

/** Runs `fn` in the span `process <type>`: logs written inside carry its trace id. */
export async function inEventSpan<T>(event: ReceivedEvent, group: string, fn: () => Promise<T>): Promise<T> {
  const tracer = trace.getTracer('@aumos/agf-events');
  const attributes = {
    'messaging.system': 'kafka',
    'messaging.operation.type': 'process',
    'messaging.consumer.group.name': group,
    'messaging.message.id': event.event_id,
    'agf.tenant_id': event.tenant_id,
    'agf.aggregate_id': event.aggregate_id,
  };
  const options = { kind: SpanKind.CONSUMER, attributes };
  const parent = writerContext(event.traceparent);
  return tracer.startActiveSpan(`process ${event.event_type}`, options, parent, (span) => ending(span, fn));
}

async function ending<T>(span: Span, fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
