import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { randomUUID } from 'node:crypto';
import { approvalPayloadHash, ToolError, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import type { HandlerCall } from '../src/common/index.js';
import { CACHING, useEngine, type EngineHarness } from './support/engine-harness.js';
import { TRAIL, edge, fn, step, workflow } from './support/definitions.js';
import { refused } from './support/memory-activities.js';

const FAST = { initial_interval_ms: 1 };
const seen: HandlerCall[] = [];
const begun: string[] = [];
const ended: string[] = [];

const setUp = (engine: EngineHarness): void => {
  let openings = 0;
  engine
    .handler('echo', (args, call) => {
      seen.push(call);
      return args;
    })
    .handler('flaky', ({ fails }, _, attempt) => {
      if (attempt <= Number(fails)) throw new ToolError('FLAKY', `attempt ${String(attempt)}`, true, { attempt });
      return attempt;
    })
    .handler('foreign', () => {
      throw ApplicationFailure.create({ type: 'TypeError', message: 'password=hunter2', nonRetryable: true });
    })
    .handler('slow', async (_, { execution_id }) => {
      begun.push(execution_id);
      try {
        await Context.current().sleep('60s');
      } finally {
        ended.push(execution_id);
      }
      return null;
    })
    .handler('dead', () => {
      Object.assign(Context.current(), { heartbeat: () => undefined });
      return new Promise((resolve) => setTimeout(resolve, 4_000, null));
    })
    .handler('opens', () => 'closed again');
  engine.activities.admissions.set('opens', () => (openings++ < 2 ? refused() : null));
  engine.activities.admissions.set('denied', () => {
    throw new ToolError('PRIVILEGE_DENIED', 'level 2 of 3');
  });
};

/** One node, its repair, and the error that the repair saw. */
const one = (node: NodeDefinition, more: Partial<WorkflowDefinition> = {}): WorkflowDefinition =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [node, step('repair')],
    edges: [edge(`START > ${node.id}`), edge(`${node.id} > END`), edge('repair > END')],
    more: { output: { cel: '{"r": state.r, "error": state.error}' }, ...more },
  });

describe.each(CACHING)('functions, %s', (caching, options) => {
  const engine = useEngine(options, setUp);
  const errorOf = async (node: NodeDefinition, more = {}) => (await engine().execute(one(node), more)).error;

  it('run on their queue, in their order, and are handed their effect key', async () => {
    const definition = workflow({
      state: { a: {}, b: {}, ...TRAIL },
      nodes: [
        fn('a', 'echo', { arguments: { n: { cel: 'input.n' } }, output: 'a' }),
        step('t'),
        fn('b', 'echo', { arguments: { a: { cel: 'state.a' } }, output: 'b', task_queue: engine().queues.nodes }),
      ],
      edges: [edge('START > a'), edge('a > t'), edge('t > b'), edge('b > END')],
    });
    const { output, run } = await engine().execute(definition, { input: { n: 1 } });
    expect(output).toEqual({ a: { n: 1 }, b: { a: { n: 1 } }, trail: ['t'] });
    expect(run.recorded.log).toEqual([
      ...['admit a#1', 'completed a#1', 'completed t#1', 'admit b#1', 'completed b#1', 'outcome completed'],
    ]);
    const calls = seen.filter(({ execution_id }) => execution_id === run.executionId);
    expect(calls).toMatchObject([
      { handler: 'echo', node: 'a', visit: 1, item: null, effect_key: `${run.executionId}/a/1`, tenant_id: 'tenant-a' },
      { node: 'b', effect_key: `${run.executionId}/b/1`, workflow: { name: 'test', version: 1 } },
    ]);
    expect(run.recorded.visits.map(({ node }) => node)).toEqual(['t']);
    expect(run.recorded.settled[1]?.call).toMatchObject({ task_queue: engine().queues.nodes, need: 1, gate: null });
  });

  it('run in the process of the platform where they are local, on no queue of theirs', async () => {
    const { output, run } = await engine().execute(
      one(fn('a', 'flaky', { placement: 'local', arguments: { fails: 1 }, output: 'r', retry: FAST })),
    );
    expect(output).toMatchObject({ r: 2 });
    expect(run.recorded.settled).toEqual([]);
    expect(await errorOf(fn('a', 'nobody', { placement: 'local' }))).toMatchObject({ code: 'UNKNOWN_HANDLER' });
  });

  it('are retried as their node says, under one admission', async () => {
    const flaky = (more: object) => fn('a', 'flaky', { arguments: { fails: 2 }, output: 'r', retry: FAST, ...more });
    const { output, run } = await engine().execute(one(flaky({})));
    expect(output).toMatchObject({ r: 3 });
    expect(run.recorded.log.filter((line) => line.startsWith('admit'))).toHaveLength(1);
    expect(run.recorded.settled).toMatchObject([{ outcome: { kind: 'completed', reply: { result: 3, attempt: 3 } } }]);
    expect(await errorOf(flaky({ retry: { ...FAST, max_attempts: 2 } }))).toEqual({
      ...{ code: 'FLAKY', message: 'attempt 2', node: 'a', visit: 1, attempts: 2, details: { attempt: 2 } },
    });
    expect(await errorOf(flaky({ retry: { ...FAST, non_retryable: ['FLAKY'] } }))).toMatchObject({ attempts: 1 });
  });

  it('fail by codes: nobody there, no such handler, too slow, and never with a text that nobody chose', async () => {
    const nowhere = { task_queue: `nobody-${randomUUID()}` };
    const none = await engine().execute(one(fn('a', 'echo', nowhere)), { workerWaitSeconds: 0.5 });
    expect(none.error).toMatchObject({ code: 'NO_WORKER', attempts: 0, details: { timeout: 'SCHEDULE_TO_START' } });
    expect(none.run.recorded.settled).toMatchObject([{ outcome: { kind: 'failed', error: { code: 'NO_WORKER' } } }]);
    expect(await errorOf(fn('a', 'nobody', { retry: FAST }))).toMatchObject({ code: 'UNKNOWN_HANDLER', attempts: 1 });
    const wrong = fn('a', 'echo', { task_queue: engine().queues.executions, retry: FAST });
    expect(await errorOf(wrong)).toMatchObject({ code: 'UNKNOWN_HANDLER', attempts: 1 });
    const slow = { timeout_seconds: 0.3, retry: { ...FAST, max_attempts: 2 } };
    expect(await errorOf(fn('a', 'slow', slow))).toMatchObject({ code: 'HANDLER_TIMEOUT', attempts: 2 });
    const foreign = await errorOf(fn('a', 'foreign'));
    expect(foreign).toMatchObject({ code: 'HANDLER_FAILED', message: 'The handler failed' });
    expect(JSON.stringify(foreign)).not.toContain('hunter2');
  });

  it('are taken by on_error like any node', async () => {
    const { status, output, run } = await engine().execute(one(fn('a', 'foreign', { on_error: 'repair' })));
    expect({ status, output }).toMatchObject({ status: 'completed', output: { error: { code: 'HANDLER_FAILED' } } });
    expect(run.recorded.visits).toMatchObject([{ node: 'a', type: 'function', status: 'failed' }, { node: 'repair' }]);
  });

  it('wait for a breaker as their node says, and take on_open', async () => {
    const waits = await engine().execute(one(fn('a', 'opens', { open_wait_seconds: 20, output: 'r' })));
    expect(waits.output).toMatchObject({ r: 'closed again' });
    engine().activities.admissions.set('shut', () => refused());
    const { output } = await engine().execute(one(fn('a', 'shut', { on_open: 'repair' })));
    expect(output).toMatchObject({ error: { code: 'CIRCUIT_OPEN' } });
  });

  it('that are denied fail once, and nothing runs', async () => {
    const { error, run } = await engine().execute(one(fn('a', 'denied', { retry: FAST })));
    expect(error).toMatchObject({ code: 'PRIVILEGE_DENIED', message: 'level 2 of 3', attempts: 1 });
    expect(run.recorded.settled).toEqual([]);
  });

  it('with arguments that are too large are not called', async () => {
    const large = fn('a', 'echo', { arguments: { text: { cel: 'input.text' } } });
    const { error, run } = await engine().execute(one(large), { input: { text: 'x'.repeat(1_400_000) } });
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(run.recorded.settled).toEqual([]);
  });

  it('meet the gate of their level, bound to exactly what will run', async () => {
    const risky = one(fn('a', 'echo', { privilege_level: 3, arguments: { n: 1 }, output: 'r' }));
    const run = await engine().start(risky);
    const [approval] = await run.pending();
    expect(approval).toMatchObject({ tool: 'echo', tool_version: null, privilege_level: 3, arguments: { n: 1 } });
    if (!approval) return;
    expect(approval.payload_hash).toBe(approvalPayloadHash(approval));
    expect(run.recorded.log.some((line) => line.startsWith('admit'))).toBe(false);
    await run.decide(approval, 'approved');
    expect((await run.outcome()).output).toMatchObject({ r: { n: 1 } });
    expect(run.recorded.settled[0]?.call).toMatchObject({
      need: 3,
      gate: { approval: { approval_id: approval.approval_id } },
    });
    const rejected = await engine().start(risky);
    const [other] = await rejected.pending();
    if (other) await rejected.decide(other, 'rejected');
    expect(await rejected.outcome()).toMatchObject({ error: { code: 'APPROVAL_REJECTED' } });
  });

  it('learn of a cancellation, and the execution ends when they have', async () => {
    const run = await engine().start(one(fn('a', 'slow')));
    await eventually(() => begun.includes(run.executionId), 'the handler to begin');
    await run.cancel();
    expect(await run.outcome()).toMatchObject({ status: 'cancelled' });
    await eventually(() => ended.includes(run.executionId), 'the handler to end');
    expect(run.recorded.settled).toMatchObject([{ outcome: { kind: 'failed', error: { code: 'CANCELLED' } } }]);
  });

  it('that wait for a worker end with a cancellation, too, and with a failed sibling', async () => {
    const nowhere = { task_queue: `nobody-${randomUUID()}` };
    const run = await engine().start(one(fn('a', 'echo', nowhere)), { workerWaitSeconds: 60 });
    await eventually(() => run.recorded.log.includes('admit a#1'), 'the admission');
    await run.cancel();
    expect(await run.outcome()).toMatchObject({ status: 'cancelled' });
    const both = workflow({
      nodes: [fn('a', 'slow'), fn('b', 'foreign')],
      edges: [edge('START > a'), edge('START > b'), edge('a > END'), edge('b > END')],
    });
    const { error, run: failed } = await engine().execute(both);
    expect(error).toMatchObject({ node: 'b', code: 'HANDLER_FAILED' });
    expect(failed.recorded.settled.map(({ call, outcome }) => [call.node, outcome.kind])).toEqual([
      ['b', 'failed'],
      ['a', 'failed'],
    ]);
  });

  it('run once an item of a fan-out, each under its own key', async () => {
    const fan = workflow({
      state: { all: { reducer: 'append' } },
      nodes: [fn('each', 'echo', { arguments: { n: { cel: 'item' } }, outputs: { all: '[result.n]' } })],
      edges: [edge('START > each', { for_each: 'input.items', max_concurrency: 5 }), edge('each > END')],
    });
    const [length, rounds] = caching === 'cached' ? [30, 3] : [10, 1];
    const items = Array.from({ length }, (_, i) => i);
    // Several: what ends side by side ends in another order each time, and each history must replay.
    for (let round = 0; round < rounds; round++) {
      const { output, run } = await engine().execute(fan, { input: { items } });
      expect(output).toEqual({ all: items });
      const keys = seen.filter(({ execution_id }) => execution_id === run.executionId).map((call) => call.effect_key);
      expect(new Set(keys).size).toBe(length);
    }
  });

  it('whose worker dies are lost by their heartbeat, not by their time limit', async () => {
    const dead = fn('a', 'dead', { heartbeat_seconds: 1, timeout_seconds: 300, retry: { max_attempts: 1 } });
    const error = await errorOf(dead);
    expect(error).toMatchObject({ code: 'HANDLER_TIMEOUT', details: { timeout: 'HEARTBEAT' } });
  });
});
