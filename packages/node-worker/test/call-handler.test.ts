import { describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/activity';
import type { HandlerCall } from '@aumos/agf-engine/common';
import { z } from 'zod';
import { callHandler, defineHandler, HandlerError, type AnyHandler, type CallSite } from '../src/index.js';

const CALL: HandlerCall = {
  inline: true,
  handler: 'h',
  arguments: { n: 2 },
  tenant_id: 't',
  execution_id: 'e',
  workflow: { id: 'w', name: 'flow', version: 3 },
  node: 'a',
  visit: 1,
  item: null,
  effect_key: 'e/a/1',
  traceparent: '00-1-2-01',
};
const lines: unknown[] = [];
const note = (message: string, fields?: unknown): void => void lines.push([message, fields]);
const site = (signal = new AbortController().signal): CallSite => ({
  attempt: 2,
  signal,
  heartbeat: () => undefined,
  last_heartbeat: null,
  log: { debug: note, info: note, warn: note, error: note },
});
const call = (handler: AnyHandler, more: Partial<HandlerCall> = {}, at = site()) =>
  callHandler({ h: handler }, { ...CALL, ...more }, at);
const failing = (error: unknown) =>
  defineHandler({
    run: () => {
      throw error;
    },
  });

describe("a handler's call", () => {
  it('is told everything of its visit, and gives JSON', async () => {
    const { handler: _, arguments: __, ...visit } = CALL;
    const given = await call(
      defineHandler({
        run: (args, { signal: _, heartbeat: __, log: ___, ...context }) =>
          ({ ...context, args, at: new Date(0), none: undefined }) as never,
      }),
    );
    const at = '1970-01-01T00:00:00.000Z';
    expect(given).toEqual({ ...visit, attempt: 2, last_heartbeat: null, args: { n: 2 }, at });
    expect(await call(defineHandler({ run: () => undefined as never }))).toBeNull();
  });

  it.each([
    ['JSON Schema', { type: 'object', properties: { n: { type: 'string' } } } as const, '/n '],
    ['zod', z.object({ n: z.string() }), '/n '],
  ])('takes only what fits, by %s', async (_, schema, text) => {
    const ran = call(defineHandler({ input: schema, run: () => null }));
    const message = `The handler does not take these arguments: ${text}`;
    await expect(ran).rejects.toMatchObject({ code: 'INVALID_ARGUMENTS', retryable: false });
    await expect(ran).rejects.toThrow(message);
    const gives = call(defineHandler({ output: schema, run: () => ({ n: 1 }) as never }));
    await expect(gives).rejects.toMatchObject({ code: 'INVALID_RESULT', retryable: false });
  });

  it('is called with what the schema makes of its arguments', async () => {
    const handler = defineHandler({ input: z.object({ n: z.number().transform((n) => n * 10) }), run: ({ n }) => n });
    expect(await call(handler)).toBe(20);
  });

  it.each([NaN, Infinity, 1n, 'half \ud800', 'nul \0', [{ deep: -Infinity }]])('gives no %p', async (value) => {
    await expect(call(defineHandler({ run: () => value as never }))).rejects.toMatchObject({ code: 'INVALID_RESULT' });
  });

  it('gives no circle, and nothing too large', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    await expect(call(defineHandler({ run: () => circle as never }))).rejects.toMatchObject({ code: 'INVALID_RESULT' });
    const large = call(defineHandler({ run: () => 'x'.repeat(1_400_000) }));
    await expect(large).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE', retryable: false });
  });

  it('of a name that the worker does not have is refused, whatever objects inherit', async () => {
    for (const handler of ['nope', 'toString', '__proto__', 'constructor'])
      await expect(call(failing('x'), { handler })).rejects.toMatchObject({
        code: 'UNKNOWN_HANDLER',
        retryable: false,
      });
  });

  it('fails by its own names, and by one for all else, without its text', async () => {
    const named = new HandlerError('NO_STOCK', 'none left', { retryable: true, details: { item: 'x' } });
    await expect(call(failing(named))).rejects.toBe(named);
    for (const thrown of [new Error('password=hunter2'), 'password=hunter2', null, new TypeError('hunter2')]) {
      const failed = await call(failing(thrown)).catch((error: unknown) => error as HandlerError);
      expect(failed).toMatchObject({ code: 'HANDLER_FAILED', retryable: true, message: 'The handler failed' });
      expect(JSON.stringify([failed, (failed as Error).stack, (failed as Error).cause])).not.toContain('hunter2');
    }
    expect(lines).toHaveLength(4);
  });

  it('that was cancelled ends as cancelled, without its text', async () => {
    const at = site(AbortSignal.abort());
    const ended = await call(failing(new Error('hunter2')), {}, at).catch((error: unknown) => error as Error);
    expect(ended).toBeInstanceOf(CancelledFailure);
    expect(JSON.stringify(ended)).not.toContain('hunter2');
  });

  it.each(['CANCELLED', 'CIRCUIT_OPEN', 'MAX_STEPS', 'EXECUTION_TIMEOUT', 'lower', '', 'A B'])(
    'cannot fail as %p',
    (code) => {
      expect(() => new HandlerError(code, 'x')).toThrow(TypeError);
    },
  );

  it('is refused where its schema is wrong, at once', () => {
    expect(() => defineHandler({ input: { type: 'nothing' }, run: () => null })).toThrow();
  });
});
