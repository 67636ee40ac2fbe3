import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, testStack } from '@aumos/agf-testing';
import { z } from 'zod';
import { createNodeWorker, defineHandler, HandlerError, nodesQueue, type NodeWorker } from '../src/index.js';
import { Platform } from './support/platform.js';

const seen: string[] = [];
const signals: AbortSignal[] = [];
let begun = 0;

const handlers = {
  add: defineHandler({
    input: z.object({ a: z.number(), b: z.number() }),
    output: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
    run: ({ a, b }, { effect_key }) => {
      seen.push(effect_key);
      return { sum: a + b };
    },
  }),
  lies: defineHandler({ output: { type: 'string' }, run: () => 1 as never }),
  large: defineHandler({ run: () => 'x'.repeat(1_400_000) }),
  leaks: defineHandler({
    run: (_, { effect_key }) => {
      seen.push(effect_key);
      throw new Error('password=hunter2');
    },
  }),
  names: defineHandler({
    run: () => {
      throw new HandlerError('NO_STOCK', 'none left', { details: { item: 'x' } });
    },
  }),
  resumes: defineHandler({
    run: async (_, { attempt, heartbeat, last_heartbeat, signal }) => {
      if (attempt > 1) return { from: last_heartbeat };
      heartbeat({ done: 7 });
      await sleep(700, undefined, { signal });
      throw new HandlerError('LATER', 'again', { retryable: true });
    },
  }),
  waits: defineHandler({
    run: async ({ ms }, { signal, attempt }) => {
      begun++;
      signals.push(signal);
      await sleep(Number(ms), undefined, { signal });
      return { attempt };
    },
  }),
};
const FAST = { retry: { initial_interval_ms: 1 } };

describe("a team's worker", () => {
  let platform: Platform;
  let worker: NodeWorker;
  let running: Promise<void>;
  const open = (shutdownGraceMs = 10_000): Promise<NodeWorker> => {
    const { temporal: address, temporal_namespace: namespace } = testStack();
    return createNodeWorker({ address, namespace, taskQueue: platform.nodesQueue, handlers, shutdownGraceMs });
  };
  beforeAll(async () => {
    platform = await Platform.open();
    worker = await open();
    running = worker.run();
  });
  afterAll(async () => {
    await worker.shutdown();
    await running;
    await platform.close();
  });
  const errorOf = async (...args: Parameters<Platform['execute']>) => {
    const { id, error } = await platform.execute(...args);
    return { id, ...error };
  };

  it('runs handlers by their name, with their effect key', async () => {
    const { id, output } = await platform.execute('add', { a: 1, b: 2 });
    expect(output).toEqual({ sum: 3 });
    expect(seen).toContain(`${id}/a/1`);
  });

  it('never tries again what cannot get better', async () => {
    const once = { code: expect.any(String), attempts: 1 };
    expect(await errorOf('add', { a: 'x' }, FAST)).toMatchObject({ ...once, code: 'INVALID_ARGUMENTS' });
    expect(await errorOf('lies', {}, FAST)).toMatchObject({ ...once, code: 'INVALID_RESULT' });
    expect(await errorOf('large', {}, FAST)).toMatchObject({ ...once, code: 'PAYLOAD_TOO_LARGE' });
    expect(await errorOf('nobody', {}, FAST)).toMatchObject({ ...once, code: 'UNKNOWN_HANDLER' });
    const named = { code: 'NO_STOCK', message: 'none left', details: { item: 'x' }, node: 'a', visit: 1 };
    expect(await errorOf('names', {}, FAST)).toMatchObject({ ...once, ...named });
  });

  it('tries again what a handler did not name, and lets nothing of it out', async () => {
    const { id, ...error } = await errorOf('leaks', {}, FAST);
    expect(error).toMatchObject({ code: 'HANDLER_FAILED', message: 'The handler failed', attempts: 3 });
    expect(seen.filter((key) => key === `${id}/a/1`)).toHaveLength(3);
    expect(await platform.history(id)).not.toContain('hunter2');
  });

  it('hands on what the attempt before told last', async () => {
    expect((await platform.execute('resumes', {}, FAST)).output).toEqual({ from: { done: 7 } });
  });

  it('tells a handler of the cancellation', async () => {
    const before = begun;
    const id = await platform.start('waits', { ms: 60_000 });
    await eventually(() => begun > before, 'the call');
    await platform.cancel(id);
    expect(await platform.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect(signals.at(-1)?.aborted).toBe(true);
  });

  it('ends its calls before it ends, and leaves to another what takes too long', async () => {
    let before = begun;
    const short = await platform.start('waits', { ms: 500 });
    await eventually(() => begun > before, 'the call');
    await worker.shutdown();
    await running;
    expect(await platform.outcome(short)).toMatchObject({ output: { attempt: 1 } });
    const hasty = await open(100);
    const ends = hasty.run();
    before = begun;
    const long = await platform.start('waits', { ms: 1_500 }, FAST);
    await eventually(() => begun > before, 'the call');
    await hasty.shutdown();
    await ends;
    worker = await open();
    running = worker.run();
    expect(await platform.outcome(long)).toMatchObject({ output: { attempt: 2 } });
  });

  it('is not made with a queue or names that cannot be', async () => {
    const made = (taskQueue: string, names: string[]) =>
      createNodeWorker({
        connection: platform.connection,
        taskQueue,
        handlers: Object.fromEntries(names.map((name) => [name, handlers.add])),
      });
    await expect(made('agf-executions', ['a'])).rejects.toThrow('no queue for handlers');
    await expect(made('', ['a'])).rejects.toThrow('no queue for handlers');
    await expect(made(nodesQueue('x'), ['a', 'a b', '1'])).rejects.toThrow('no names of handlers or executors: 1, a b');
    await expect(createNodeWorker({ address: '127.0.0.1:1', taskQueue: 'q', handlers })).rejects.toThrow();
  });
});
