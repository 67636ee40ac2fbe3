import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';
import { currentTraceparent, withSpan } from '../src/index.js';
import { startOnce, stopTelemetry } from '../src/telemetry/lifecycle.js';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('spans', () => {
  beforeAll(() => {
    startOnce(() => {
      const sdk = new NodeSDK({
        autoDetectResources: false,
        spanProcessors: [new tracing.NoopSpanProcessor()],
        metricReaders: [],
        logRecordProcessors: [],
      });
      sdk.start();
      return () => sdk.shutdown();
    });
  });
  afterAll(() => stopTelemetry());

  it('there is no traceparent outside of a trace', () => {
    expect(currentTraceparent()).toBeUndefined();
  });

  it('continue a stored traceparent, and nest', async () => {
    const [outer, inner] = await withSpan('outer', PARENT, async () => {
      const here = currentTraceparent();
      return [here, await withSpan('inner', undefined, () => Promise.resolve(currentTraceparent()))];
    });
    expect(outer?.split('-').slice(0, 2)).toEqual(PARENT.split('-').slice(0, 2));
    expect(inner?.split('-')[1]).toBe(PARENT.split('-')[1]);
    expect(inner).not.toBe(outer);
  });

  it.each([undefined, null, '', 'nonsense', '00-00000000000000000000000000000000-0000000000000000-01'])(
    'begin a trace where the parent is %j',
    async (parent) => {
      expect(await withSpan('w', parent, () => currentTraceparent())).toMatch(
        /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-01$/,
      );
    },
  );

  it('of failed work are marked by the kind of error only, and end', async () => {
    let span: { status?: unknown; ended?: boolean } | undefined;
    const failing = withSpan('w', undefined, (made) => {
      span = made as never;
      expect(trace.getActiveSpan()).toBe(made);
      throw new TypeError('password=hunter2');
    });
    await expect(failing).rejects.toThrow('password=hunter2');
    expect(span).toMatchObject({ status: { code: 2, message: 'TypeError' }, ended: true });
  });

  it('a second start is ignored', () => {
    let begun = false;
    startOnce(() => {
      begun = true;
      return () => Promise.resolve();
    });
    expect(begun).toBe(false);
  });
});
