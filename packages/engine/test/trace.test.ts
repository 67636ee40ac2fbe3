import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ROOT_CONTEXT,
  context,
  propagation,
  trace,
  type Context,
  type Span,
  type SpanOptions,
  type TextMapPropagator,
} from '@opentelemetry/api';
import { inSpan } from '../src/worker/trace.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Just enough of an SDK to see which parent a span was given. */
const propagator: TextMapPropagator<Record<string, string>> = {
  inject: () => undefined,
  fields: () => ['traceparent'],
  extract: (from, carrier) => {
    const [, traceId = '', spanId = ''] = (carrier['traceparent'] ?? '').split('-');
    return trace.setSpanContext(from, { traceId, spanId, traceFlags: 1, isRemote: true });
  },
};

describe('an activity span', () => {
  const begun: { name: string; traceId: string | undefined; attributes: unknown }[] = [];
  beforeAll(() => {
    propagation.setGlobalPropagator(propagator);
    const noop = trace.getTracer('noop').startSpan('noop');
    trace.setGlobalTracerProvider({
      getTracer: () => ({
        startSpan: () => noop,
        startActiveSpan: ((name: string, options: SpanOptions, parent: Context, run: (span: Span) => unknown) => {
          begun.push({ name, traceId: trace.getSpanContext(parent)?.traceId, attributes: options.attributes });
          return context.with(parent, () => run(noop));
        }) as never,
      }),
    });
  });
  afterAll(() => {
    trace.disable();
    propagation.disable();
  });

  it('joins the trace that came as data', async () => {
    const site = { name: 'runTool', traceparent: TRACEPARENT, attributes: { 'agf.node': 'load' } };
    expect(await inSpan(site, () => Promise.resolve(7))).toBe(7);
    expect(begun.at(-1)).toEqual({
      name: 'runTool',
      traceId: '0af7651916cd43dd8448eb211c80319c',
      attributes: { 'agf.node': 'load' },
    });
  });

  it('has no parent without one, and passes failures on', async () => {
    const failing = inSpan({ name: 'x', traceparent: undefined, attributes: {} }, () =>
      Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    expect(begun.at(-1)?.traceId).toBe(trace.getSpanContext(ROOT_CONTEXT)?.traceId);
  });
});
