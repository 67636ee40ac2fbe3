import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { childExecutionId, ToolError, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { Context } from '@temporalio/activity';
import { CACHING, useEngine, type EngineHarness } from './support/engine-harness.js';
import { TRAIL, edge, step, tool, workflow } from './support/definitions.js';
import { refused } from './support/memory-activities.js';

const RISKY = { load: { min_privilege_level: 3 as const } };

const calling = (name: string, more: Record<string, unknown> = {}): NodeDefinition => ({
  id: 'call',
  type: 'workflow',
  workflow: name,
  output: 'r',
  ...more,
});

/** One node that calls a workflow, and where its error leads. */
const caller = (name: string, called: string, more: Record<string, unknown> = {}): WorkflowDefinition =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [calling(called, more), step('else')],
    edges: [edge('START > call'), edge('call > END'), edge('else > END')],
    more: { name, output: { cel: '{"r": state.r, "trail": state.trail, "error": state.error}' } },
  });

const leaf = (name: string, toolName: string): WorkflowDefinition =>
  workflow({
    state: { r: {} },
    nodes: [tool('work', toolName, { arguments: { n: { cel: 'input.n' } }, output: 'r', retry: { max_attempts: 1 } })],
    edges: [edge('START > work'), edge('work > END')],
    more: {
      name,
      input: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } },
      output: { cel: 'state.r' },
    },
  });

const N = { input: { n: { cel: 'input.n' } } };

const setUp = (engine: EngineHarness): void => {
  let failing = 2;
  engine
    .tool('flaky', ({ n }) => {
      if (failing-- > 0) throw new ToolError('FLAKY', 'not yet', false);
      return n ?? null;
    })
    .tool('blocked', () => {
      throw new ToolError('ADDRESS_BLOCKED', 'it is inside', false);
    })
    .tool('sleepy', async ({ n }) => {
      await Context.current().sleep(Number(n) * 1000);
      return n ?? null;
    })
    .tool('load', ({ n }) => n ?? null)
    .tool('quick', ({ n }) => n ?? null)
    .tool('book', (_, { node }) => node)
    .tool('take_back', ({ booking }) => booking ?? null)
    .tool('broken', () => {
      throw new ToolError('BROKEN', 'it is broken', false);
    });
  engine.workflow(leaf('leaf', 'quick'));
  engine.workflow(leaf('risky-leaf', 'load'), { tools: RISKY });
  engine.workflow(leaf('broken-leaf', 'broken'));
  engine.workflow(leaf('flaky-leaf', 'flaky'));
  engine.workflow(leaf('blocked-leaf', 'blocked'));
  engine.workflow(leaf('sleeping-leaf', 'sleepy'));
  engine.workflow(
    workflow({
      state: {},
      nodes: [{ id: 'rest', type: 'wait', seconds: { cel: 'input.n' } }],
      edges: [edge('START > rest'), edge('rest > END')],
      more: { name: 'waiting-leaf', output: { cel: 'input.n' } },
    }),
  );
  engine.workflow(caller('middle', 'leaf', N));
  engine.workflow(caller('risky-middle', 'risky-leaf', N));
  engine.workflow(caller('broken-middle', 'broken-leaf', N));
  engine.workflow(caller('itself', 'itself', { ...N, max_depth: 3 }));
  engine.workflow(caller('endless', 'endless', { ...N, max_depth: 100 }));
};

describe.each(CACHING)('children, %s', (_, options) => {
  const engine = useEngine(options, setUp);

  it('are run again, each anew, where their node says so', async () => {
    const retry = { max_attempts: 3, initial_interval_ms: 10 };
    const run = await engine().start(caller('again', 'flaky-leaf', { ...N, retry }), { input: { n: 5 } });
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: 5 } });
    const ids = [1, 2, 3].map((attempt) => childExecutionId(run.executionId, 'call', 1, attempt));
    const ends = ids.map((id) => engine().follow(id).recorded.outcome?.status);
    expect(ends).toEqual(['failed', 'failed', 'completed']);
  });

  it('are not run again where it says nothing, where it names their error, and where nothing would change', async () => {
    const retry = { max_attempts: 3, initial_interval_ms: 10 };
    const attempts = async (called: string, more: Record<string, unknown>) => {
      const graph = caller('once', called, { ...N, ...more, on_error: 'else' });
      const outcome = await (await engine().start(graph, { input: { n: 5 }, level: 2 })).outcome();
      return (outcome as unknown as { output: { error: { code: string; attempts: number } } }).output.error;
    };
    expect(await attempts('broken-leaf', {})).toMatchObject({ code: 'CHILD_FAILED', attempts: 1 });
    expect(await attempts('broken-leaf', { retry })).toMatchObject({ code: 'CHILD_FAILED', attempts: 3 });
    for (const code of ['BROKEN', 'CHILD_FAILED'])
      expect(await attempts('broken-leaf', { retry: { ...retry, non_retryable: [code] } })).toMatchObject({
        attempts: 1,
      });
    const blocked = await attempts('blocked-leaf', { retry });
    expect(blocked).toMatchObject({ attempts: 1, details: { cause: { code: 'ADDRESS_BLOCKED' } } });
  });

  it('are cancelled when their time is over, which stands still while they wait', async () => {
    const late = caller('late', 'sleeping-leaf', { ...N, timeout_seconds: 1, on_error: 'else' });
    const run = await engine().start(late, { input: { n: 60 } });
    expect(await run.outcome()).toMatchObject({
      output: { r: null, trail: ['else'], error: { code: 'CHILD_TIMEOUT', node: 'call', attempts: 1 } },
    });
    expect(run.child('call').recorded.outcome).toMatchObject({ status: 'cancelled' });
    // All but the wait itself takes less than the time, on a busy machine too.
    const waits = caller('waits', 'waiting-leaf', { ...N, timeout_seconds: 4 });
    const waiting = await engine().start(waits, { input: { n: 5 } });
    expect(await waiting.outcome()).toMatchObject({ status: 'completed', output: { r: 5 } });
  });

  it('run below one another, each with what it inherits', async () => {
    const run = await engine().start(caller('top', 'middle', N), { input: { n: 7 }, level: 4 });
    expect(await run.outcome()).toMatchObject({
      status: 'completed',
      output: { r: { r: 7, trail: [], error: null } },
    });
    const middle = run.child('call');
    const bottom = middle.child('call');
    expect(bottom.recorded.outcome).toMatchObject({ status: 'completed', output: 7 });
    const [call] = bottom.recorded.calls;
    expect(call).toMatchObject({ initiator_level: 4, privilege_ceiling: 4 });
    expect(call?.ref).toMatchObject({
      initiator: 'starter',
      ancestors: [
        { execution_id: run.executionId, node: 'call', visit: 1 },
        { execution_id: middle.executionId, node: 'call', visit: 1 },
      ],
    });
    expect(run.recorded.visits).toMatchObject([
      { node: 'call', type: 'workflow', status: 'completed', input: { n: 7 } },
    ]);
  });

  it('hand their failure up as the cause of their parent’s, which counts against the child alone', async () => {
    const run = await engine().start(caller('top', 'broken-middle', N), { input: { n: 1 } });
    const outcome = await run.outcome();
    const middle = run.child('call');
    const bottom = middle.child('call');
    expect(outcome).toMatchObject({
      status: 'failed',
      breaker_outcome: 'ignored',
      error: {
        code: 'CHILD_FAILED',
        node: 'call',
        visit: 1,
        details: {
          child_execution_id: middle.executionId,
          cause: { code: 'CHILD_FAILED', details: { cause: { code: 'BROKEN', node: 'work' } } },
        },
      },
    });
    expect(middle.recorded.outcome?.breaker_outcome).toBe('ignored');
    expect(bottom.recorded.outcome).toMatchObject({ error: { code: 'BROKEN' }, breaker_outcome: 'failure' });
  });

  it('fail into on_error', async () => {
    const outcome = await engine().execute(caller('top', 'broken-leaf', { ...N, on_error: 'else' }), {
      input: { n: 1 },
    });
    expect(outcome).toMatchObject({
      status: 'completed',
      output: { trail: ['else'], error: { code: 'CHILD_FAILED', details: { cause: { code: 'BROKEN' } } } },
    });
  });

  it('wait for people', async () => {
    const run = await engine().start(caller('top', 'risky-middle', N), { input: { n: 3 } });
    const bottom = run.child('call').child('call');
    const [approval] = await bottom.pending();
    expect(approval).toMatchObject({ execution_id: bottom.executionId, requested_by: 'starter', tool: 'load' });
    if (approval) await bottom.decide(approval, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: { r: 3 } } });
  });

  it('are cancelled with their parent: approvals first, then they, then it', async () => {
    const run = await engine().start(caller('top', 'risky-middle', { ...N, on_error: 'else' }), { input: { n: 3 } });
    const middle = run.child('call');
    const bottom = middle.child('call');
    const [approval] = await bottom.pending();
    await run.cancel();
    expect(await run.outcome()).toMatchObject({ status: 'cancelled' });
    expect(engine().activities.approvals.get(approval?.approval_id ?? '')?.outcome?.status).toBe('cancelled');
    expect([middle, bottom].map(({ recorded }) => recorded.outcome?.status)).toEqual(['cancelled', 'cancelled']);
    expect(run.recorded.visits).toMatchObject([{ node: 'call', status: 'cancelled' }]);
  });

  it('are cancelled by hand, and their parents go on', async () => {
    const run = await engine().start(caller('top', 'risky-leaf', { ...N, on_error: 'else' }), { input: { n: 3 } });
    const child = run.child('call');
    await child.pending();
    await child.cancel();
    expect(await run.outcome()).toMatchObject({
      status: 'completed',
      output: { trail: ['else'], error: { code: 'CHILD_FAILED', details: { cause: { code: 'CANCELLED' } } } },
    });
    expect(child.recorded.outcome?.status).toBe('cancelled');
  });

  it('end with the failure of a sibling', async () => {
    const definition = workflow({
      state: { r: {} },
      nodes: [calling('risky-leaf', N), tool('fails', 'broken', { retry: { max_attempts: 1 }, open_wait_seconds: 0 })],
      edges: [edge('START > call'), edge('START > fails'), edge('call > END'), edge('fails > END')],
    });
    const run = await engine().start(definition, { input: { n: 1 } });
    expect(await run.outcome()).toMatchObject({ status: 'failed', error: { code: 'BROKEN' } });
    expect(run.child('call').recorded.outcome?.status).toBe('cancelled');
  });

  it('take inputs that are too large for a history', async () => {
    const input = { n: 7, text: 'x'.repeat(2_000_000) };
    const outcome = await engine().execute(caller('top', 'leaf', { input: { cel: 'input' } }), { input });
    expect(outcome).toMatchObject({ status: 'completed', output: { r: 7 } });
  });

  it('leave what they did to their parents, which undo it in reverse', async () => {
    const booking = (id: string): NodeDefinition =>
      tool(id, 'book', { compensate: { tool: 'take_back', arguments: { booking: { cel: 'result' } } } });
    engine().workflow(
      workflow({
        nodes: [booking('flight'), booking('hotel')],
        edges: [edge('START > flight'), edge('flight > hotel'), edge('hotel > END')],
        more: { name: 'trip' },
      }),
    );
    engine().workflow(caller('trips', 'trip'));
    const undo = { compensate: { tool: 'take_back', arguments: { booking: 'all' } } };
    const definition = workflow({
      state: { r: { reducer: 'append' } },
      nodes: [calling('trips', undo), tool('pay', 'broken', { retry: { max_attempts: 1 } })],
      edges: [edge('START > call', { for_each: '[1, 2]' }), edge('call > pay'), edge('pay > END')],
    });
    const run = await engine().start(definition);
    expect(await run.outcome()).toMatchObject({ status: 'failed', error: { code: 'BROKEN' } });
    const undone = run.recorded.calls.filter(({ visit_type }) => visit_type === 'compensation');
    expect(undone.map(({ node, visit, arguments: args }) => [node, visit, args['booking']])).toEqual([
      ['call~compensate', 2, 'all'],
      ['call~2~call~1~hotel~compensate', 1, 'hotel'],
      ['call~2~call~1~flight~compensate', 1, 'flight'],
      ['call~compensate', 1, 'all'],
      ['call~1~call~1~hotel~compensate', 1, 'hotel'],
      ['call~1~call~1~flight~compensate', 1, 'flight'],
    ]);
    expect(run.child('call', 2).child('call').recorded.log).not.toContain('ran hotel~compensate#1');
  });

  it('run for each item, and keep their places', async () => {
    const definition = workflow({
      state: { r: { reducer: 'append' } },
      nodes: [calling('leaf', { input: { n: { cel: 'item' } } })],
      edges: [edge('START > call', { for_each: '[5, 4, 3, 2, 1]', max_concurrency: 2 }), edge('call > END')],
    });
    expect(await engine().execute(definition)).toMatchObject({ output: { r: [5, 4, 3, 2, 1] } });
  });
});

describe('a child', () => {
  const engine = useEngine({}, setUp);
  beforeEach(() => {
    engine().activities.openings.splice(0);
  });
  afterEach(() => expect(engine().activities.openings).toEqual([]));

  const refusal = (ms?: number): ReturnType<typeof refused> & { kind: 'refused' } =>
    refused(ms) as ReturnType<typeof refused> & { kind: 'refused' };

  it('whose breaker is open is not started: on_open', async () => {
    engine().activities.openings.push(refusal());
    const run = await engine().start(caller('top', 'leaf', { ...N, on_open: 'else' }), { input: { n: 1 } });
    expect(await run.outcome()).toMatchObject({
      status: 'completed',
      output: { trail: ['else'], error: { code: 'CIRCUIT_OPEN', node: 'call', visit: 1 } },
      breaker_outcome: 'success',
    });
    expect(engine().activities.of(childExecutionId(run.executionId, 'call', 1)).started).toBe(0);
  });

  it('whose breaker is open is waited for, as long as the node says', async () => {
    engine().activities.openings.push(refusal(20), refusal(20));
    const run = await engine().start(caller('top', 'leaf', { ...N, open_wait_seconds: 10 }), { input: { n: 1 } });
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: 1 } });
    expect(run.recorded.children).toHaveLength(3);
  });

  it('calls itself as deep as its node allows', async () => {
    const run = await engine().start(engine().activities.workflows.get('itself')!.definition, { input: { n: 1 } });
    expect(await run.outcome()).toMatchObject({ status: 'failed', error: { code: 'CHILD_FAILED' } });
    const third = run.child('call').child('call');
    expect(third.recorded.outcome?.error).toMatchObject({ code: 'DEPTH_EXCEEDED', details: { max_depth: 3 } });
  });

  it('calls itself as deep as the platform allows', async () => {
    let run = await engine().start(engine().activities.workflows.get('endless')!.definition, { input: { n: 1 } });
    const { error } = await run.outcome();
    for (let depth = 0; depth < 10; depth++) run = run.child('call');
    expect(run.recorded.outcome?.error).toMatchObject({
      code: 'DEPTH_EXCEEDED',
      details: { depth: 11, max_depth: 10 },
    });
    expect(error?.details).toHaveProperty('cause.details.cause.details.cause.code', 'CHILD_FAILED');
  });

  it.each([
    ['takes no input that does not fit', { input: { n: 'one' } }, 'INVALID_INPUT'],
    ['needs the level of its node', { ...N, privilege_level: 5 }, 'PRIVILEGE_DENIED'],
  ])('%s', async (_, more, code) => {
    const outcome = await engine().execute(caller('top', 'leaf', { ...more, on_error: 'else' }), {
      input: { n: 1 },
      level: 4,
    });
    expect(outcome).toMatchObject({ status: 'completed', output: { trail: ['else'], error: { code, node: 'call' } } });
  });

  it('stops the clocks of all above it while it waits for people', async () => {
    const limit = 4;
    const run = await engine().start(caller('top', 'risky-middle', N), { input: { n: 3 }, timeoutSeconds: limit });
    const bottom = run.child('call').child('call');
    const [approval] = await bottom.pending();
    const seen = Date.now();
    await eventually(() => Date.now() > seen + limit * 1_000 + 200, 'the limit to be over');
    expect(run.recorded.outcome).toBeUndefined();
    if (approval) await bottom.decide(approval, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: { r: 3 } } });
  });

  it('stops them also after it has gone on in another run', async () => {
    const limit = 4;
    engine().workflow(
      workflow({
        state: { r: { reducer: 'append' } },
        nodes: [tool('ask', 'load'), tool('each', 'quick', { arguments: { n: { cel: 'item' } }, output: 'r' })],
        edges: [
          edge('START > ask'),
          edge('START > each', { for_each: '[1, 2, 3, 4, 5, 6]', max_concurrency: 1 }),
          edge('ask > END'),
          edge('each > END'),
        ],
        more: { name: 'long' },
      }),
      { tools: RISKY },
    );
    const options = { timeoutSeconds: limit, continueAfter: { events: 1_000_000, visits: 3 } };
    const run = await engine().start(caller('top', 'long'), options);
    const child = run.child('call');
    const [approval] = await child.pending();
    await eventually(() => child.recorded.calls.length === 6, 'the items');
    await eventually(async () => {
      const [started] = (await engine().handle(child.executionId).fetchHistory()).events ?? [];
      return Boolean(started?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId);
    }, 'another run');
    const seen = Date.now();
    await eventually(() => Date.now() > seen + limit * 1_000 + 200, 'the limit to be over');
    expect(run.recorded.outcome).toBeUndefined();
    if (approval) await child.decide(approval, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: { r: [1, 2, 3, 4, 5, 6] } } });
  });

  it('is started once somebody approved, where its node has a gate', async () => {
    const definition = caller('top', 'leaf', { ...N, gate: 'look' });
    const gates = { hitl_gates: { look: { gate_name: 'look', trigger_condition: 'arguments.n > 0 && tool == null' } } };
    const run = await engine().start({ ...definition, ...gates }, { input: { n: 1 } });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({ node: 'call', tool: null, arguments: { n: 1 }, gate_name: 'look' });
    expect(run.recorded.children).toEqual([]);
    if (approval) await run.decide(approval, 'approved');
    expect((await run.outcome()).status).toBe('completed');
    expect(run.recorded.children[0]?.gate?.approval?.approval_id).toBe(approval?.approval_id);
  });

  it('that was ended from outside fails its parent with a cause', async () => {
    const run = await engine().start(caller('top', 'risky-leaf', { ...N, on_error: 'else' }), { input: { n: 1 } });
    const child = run.child('call');
    await child.pending();
    await engine().handle(child.executionId).terminate();
    expect(await run.outcome()).toMatchObject({
      status: 'completed',
      output: { error: { code: 'CHILD_FAILED', details: { cause: { code: 'INTERNAL_ERROR' } } } },
    });
  });

  it('that has run before, for this visit, answers with its end', async () => {
    engine().activities.openings.push({ kind: 'ended', result: { output: 'known', compensations: [] } });
    expect(await engine().execute(caller('top', 'leaf', N), { input: { n: 1 } })).toMatchObject({
      output: { r: 'known' },
    });
  });
});
