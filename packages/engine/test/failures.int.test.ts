import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure, Context } from '@temporalio/activity';
import { ToolError, type NodeDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { cancelExecution, startGraphWorkflow } from '../src/client/index.js';
import { EngineHarness } from './support/engine-harness.js';
import { refused } from './support/memory-activities.js';
import { TRAIL, edge, step, tool, workflow } from './support/definitions.js';

const FAST = { initial_interval_ms: 1 };

describe('failures', () => {
  let engine: EngineHarness;
  const attempts = new Map<string, number>();
  const attempt = (key: string): number => {
    attempts.set(key, (attempts.get(key) ?? 0) + 1);
    return attempts.get(key) ?? 0;
  };
  const cancelled: string[] = [];

  beforeAll(async () => {
    engine = (await EngineHarness.open())
      .tool('flaky', ({ fails }, call) => {
        const n = attempt(call.ref.execution_id);
        if (n <= Number(fails)) throw new ToolError('FLAKY', `attempt ${String(n)}`, true, { n });
        return n;
      })
      .tool('final', () => {
        throw new ToolError('FINAL', 'never');
      })
      .tool('lost', () => {
        throw new Error('connection reset by postgresql://user:secret@host');
      })
      .tool('denied', () => {
        throw ApplicationFailure.create({ type: 'PRIVILEGE_DENIED', message: 'level 2 of 3', nonRetryable: true });
      })
      .tool('open', (_, call) => (attempt(`${call.ref.execution_id}/${call.node}`) < 3 ? refused() : 'closed again'))
      .tool('slow', async (_, call) => {
        try {
          await Context.current().sleep('60s');
        } catch (error) {
          cancelled.push(call.ref.execution_id);
          throw error;
        }
        return null;
      });
  });
  afterAll(async () => {
    await engine.replayAndClose();
  });

  /** One node, its repair, and the error that the repair saw. */
  const one = (node: NodeDefinition) =>
    workflow({
      state: { r: {}, ...TRAIL },
      nodes: [node, step('repair')],
      edges: [edge(`START > ${node.id}`), edge(`${node.id} > END`), edge('repair > END')],
      more: { output: { cel: '{"r": state.r, "error": state.error, "trail": state.trail}' } },
    });

  it('retries as the node says, and counts the attempts', async () => {
    const flaky = (more: Record<string, unknown>) =>
      one(tool('a', 'flaky', { arguments: { fails: 2 }, output: 'r', ...more }));
    expect((await engine.execute(flaky({ retry: FAST }))).output).toMatchObject({ r: 3 });
    expect((await engine.execute(flaky({ retry: { ...FAST, max_attempts: 2 } }))).error).toEqual({
      code: 'FLAKY',
      message: 'attempt 2',
      node: 'a',
      visit: 1,
      attempts: 2,
      details: { n: 2 },
    });
    expect((await engine.execute(flaky({ retry: { ...FAST, non_retryable: ['FLAKY'] } }))).error?.attempts).toBe(1);
  });

  it('tries a tool that is not idempotent once, and says when its outcome is unknown', async () => {
    const tools = { flaky: { idempotent: false }, lost: { idempotent: false }, slow: { idempotent: false } };
    const flaky = one(tool('a', 'flaky', { arguments: { fails: 1 } }));
    expect((await engine.execute(flaky, { tools })).error).toMatchObject({ code: 'FLAKY', attempts: 1 });
    const unknown = one(tool('a', 'slow', { timeout_seconds: 0.2, retry: { ...FAST, max_attempts: 5 } }));
    const { error, run } = await engine.execute(unknown, { tools });
    expect(error?.code).toBe('OUTCOME_UNKNOWN');
    expect(run.recorded.calls).toHaveLength(1);
    expect((await engine.execute(one(tool('a', 'lost')), { tools })).error?.code).toBe('OUTCOME_UNKNOWN');
  });

  it('tells nothing of an error that nobody foresaw', async () => {
    const { error } = await engine.execute(one(tool('a', 'lost', { retry: { max_attempts: 1 } })));
    expect(error).toMatchObject({ code: 'INTERNAL_ERROR', node: 'a' });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('follows on_error instead of the edges, with the error in the state', async () => {
    const { status, output, run } = await engine.execute(one(tool('a', 'final', { on_error: 'repair' })));
    expect(status).toBe('completed');
    expect(output).toMatchObject({
      trail: ['repair'],
      error: { code: 'FINAL', message: 'never', node: 'a', visit: 1 },
    });
    expect(run.recorded.visits.find(({ node }) => node === 'a')).toMatchObject({ status: 'failed', type: 'tool' });
  });

  it.each([
    ['FINAL', 'final', 'failure'],
    ['PRIVILEGE_DENIED', 'denied', 'ignored'],
  ])('reports %s once to the breaker as it should count', async (code, name, outcome) => {
    const ended = await engine.execute(one(tool('a', name)));
    expect(ended).toMatchObject({ status: 'failed', output: null, breaker_outcome: outcome, error: { code } });
  });

  it('takes an open breaker as a result: on_open, CONTINUE, on_error or failure', async () => {
    const open = (more: Record<string, unknown>) => engine.execute(one(tool('a', 'open', more)));
    expect((await open({ on_open: 'repair' })).output).toMatchObject({
      trail: ['repair'],
      error: { code: 'CIRCUIT_OPEN' },
    });
    expect((await open({ on_open: 'CONTINUE', on_error: 'repair' })).output).toMatchObject({ trail: [], r: null });
    expect((await open({ on_error: 'repair' })).output).toMatchObject({ trail: ['repair'] });
    expect(await open({})).toMatchObject({ error: { code: 'CIRCUIT_OPEN', node: 'a' }, breaker_outcome: 'ignored' });
  });

  it('waits for an open breaker as long as the node says', async () => {
    const { output, run } = await engine.execute(one(tool('a', 'open', { open_wait_seconds: 20, output: 'r' })));
    expect(output).toMatchObject({ r: 'closed again' });
    expect(new Set(run.recorded.calls.map(({ visit }) => visit))).toEqual(new Set([1]));
  });

  it('cancels the siblings of a branch that fails', async () => {
    const { error, run } = await engine.execute(
      workflow({
        nodes: [tool('a', 'slow'), tool('b', 'final')],
        edges: [edge('START > a'), edge('START > b'), edge('a > END'), edge('b > END')],
      }),
    );
    expect(error).toMatchObject({ code: 'FINAL', node: 'b' });
    expect(cancelled).toContain(run.executionId);
    expect(run.recorded.visits.find(({ node }) => node === 'a')).toMatchObject({ status: 'cancelled' });
  });

  it('leaves siblings alone where on_error takes the failure', async () => {
    engine.tool('quick', () => 'ok');
    const { output } = await engine.execute(
      workflow({
        state: { r: {}, ...TRAIL },
        nodes: [tool('a', 'quick', { output: 'r' }), tool('b', 'final', { on_error: 'repair' }), step('repair')],
        edges: [edge('START > a'), edge('START > b'), edge('a > END'), edge('b > END'), edge('repair > END')],
      }),
    );
    expect(output).toEqual({ r: 'ok', trail: ['repair'] });
  });

  it('ends an execution that takes too long, whatever on_error says', async () => {
    const { error, status, run } = await engine.execute(one(tool('a', 'slow', { on_error: 'repair' })), {
      timeoutSeconds: 0.3,
    });
    expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'EXECUTION_TIMEOUT' });
    expect(cancelled).toContain(run.executionId);
  });

  it('cancels: calls first, then the outcome, which on_error cannot take', async () => {
    const run = await engine.start(one(tool('a', 'slow', { on_error: 'repair' })));
    await eventually(() => run.recorded.calls.length === 1, 'the call');
    expect(await run.cancel()).toBe(true);
    const outcome = await run.outcome();
    expect(outcome).toMatchObject({
      status: 'cancelled',
      output: null,
      error: { code: 'CANCELLED' },
      breaker_outcome: 'ignored',
    });
    expect(run.recorded.log.at(-1)).toBe('outcome cancelled');
    await expect(engine.handle(run.executionId).result()).rejects.toMatchObject({
      cause: { name: 'CancelledFailure' },
    });
    expect(await cancelExecution(engine.client, 'tenant-b', run.executionId)).toBe(false);
  });

  it('runs nothing of an execution that was cancelled before it began', async () => {
    const start = engine.startOf(one(tool('a', 'final')));
    engine.activities.cancelledBefore.add(start.execution_id);
    await startGraphWorkflow(engine.client, start, { taskQueue: engine.queues.executions });
    const run = engine.follow(start.execution_id);
    expect(await run.outcome()).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
    expect(run.recorded.calls).toEqual([]);
  });

  it('refuses arguments that are larger than a state', async () => {
    const nodes = [
      { id: 'grow', type: 'transform', set: { big: { cel: '[input, input, input, input]' } } } as NodeDefinition,
      tool('a', 'flaky', { arguments: { big: { cel: 'state.big' } } }),
    ];
    const { error } = await engine.execute(
      workflow({ state: { big: {} }, nodes, edges: [edge('START > grow'), edge('grow > a'), edge('a > END')] }),
      { input: 'x'.repeat(2_097_100) },
    );
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', node: 'a' });
  });

  it('starts an execution once, and says when it is over', async () => {
    const start = engine.startOf(one(step('a')));
    const options = { taskQueue: engine.queues.executions };
    const [first, second] = await Promise.all([
      startGraphWorkflow(engine.client, start, options),
      startGraphWorkflow(engine.client, start, options),
    ]);
    expect(first).toEqual(second);
    const run = engine.follow(start.execution_id);
    await run.outcome();
    await engine.handle(start.execution_id).result();
    expect(await startGraphWorkflow(engine.client, start, options)).toMatchObject({ status: 'ended' });
    expect(run.recorded.started).toBe(1);
  });

  it('never ends without its outcome: a record that fails is tried again', async () => {
    engine.activities.failOutcomes = 2;
    expect((await engine.execute(one(step('a')))).status).toBe('completed');
    expect(engine.activities.failOutcomes).toBe(0);
  });

  it('never ends without its outcome: one that is refused for good is recorded without what was refused', async () => {
    const start = engine.startOf(one(step('a')));
    engine.activities.unstorable.add(start.execution_id);
    await startGraphWorkflow(engine.client, start, { taskQueue: engine.queues.executions });
    expect(await engine.follow(start.execution_id).outcome()).toMatchObject({
      status: 'failed',
      output: null,
      error: { code: 'INTERNAL_ERROR', message: 'The outcome could not be recorded' },
    });
  });
});
