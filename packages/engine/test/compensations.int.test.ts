import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ToolError, type GateDefinition, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { CACHING, useEngine, type EngineHarness, type StartedRun } from './support/engine-harness.js';
import { TRAIL, edge, step, tool, workflow } from './support/definitions.js';
import { refused } from './support/memory-activities.js';

/** Books, and knows how to take the booking back. */
const booking = (id: string, more: Record<string, unknown> = {}): NodeDefinition =>
  tool(id, 'book', {
    arguments: { what: id },
    compensate: { tool: 'take_back', arguments: { booking: { cel: 'result.booking' } } },
    ...more,
  });

const setUp = (engine: EngineHarness): void => {
  let held = 0;
  engine
    .tool('book', (_args, { node, visit }) => ({ booking: `${node}#${String(visit)}` }))
    .tool('take_back', (args) => args)
    .tool('no', () => {
      throw new ToolError('NO', 'no');
    })
    .tool('slow', async () => {
      const until = Date.now() + 500;
      await eventually(() => Date.now() > until, 'the slow tool');
      return held++;
    })
    .tool('no_later', async () => {
      await sleep(500);
      throw new ToolError('NO', 'no');
    })
    .tool('stuck', () =>
      Context.current()
        .sleep('60s')
        .then(() => null),
    )
    .tool('open', () => refused(60_000));
};

/** Two bookings, one after the other, then what the nodes say. */
const trip = (nodes: NodeDefinition[], last: string, more: Record<string, unknown> = {}): WorkflowDefinition =>
  workflow({
    state: { ...TRAIL, r: {} },
    nodes: [booking('hotel', more), booking('flight'), ...nodes],
    edges: [edge('START > hotel'), edge('hotel > flight'), edge(`flight > ${last}`), edge(`${last} > END`)],
  });

const undone = ({ recorded }: StartedRun): string[] =>
  recorded.calls
    .filter(({ node }) => node.endsWith('~compensate'))
    .map(({ node, visit, arguments: args }) => `${node}#${String(visit)} ${JSON.stringify(args['booking'])}`);

describe.each(CACHING)('compensation, %s', (_, options) => {
  const engine = useEngine(options, setUp);

  it('undoes what was done in reverse when the execution fails, and before its outcome is recorded', async () => {
    const { run, ...outcome } = await engine().execute(trip([tool('pay', 'no')], 'pay'));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'NO' } });
    expect(undone(run)).toEqual(['flight~compensate#1 "flight#1"', 'hotel~compensate#1 "hotel#1"']);
    expect(run.recorded.log.slice(-2)).toEqual(['ran hotel~compensate#1', 'outcome failed']);
    expect(run.recorded.calls.at(-1)).toMatchObject({ visit_type: 'compensation', tool: 'take_back', step: 3 });
  });

  it('does so when it is cancelled, to the end, however often it is asked to', async () => {
    const run = await engine().start(trip([{ id: 'w', type: 'wait', signal: 'go' }], 'w'));
    await eventually(() => run.recorded.waiting.waiting, 'the wait to be told');
    await run.cancel();
    await run.cancel();
    expect((await run.outcome()).status).toBe('cancelled');
    expect(undone(run)).toEqual(['flight~compensate#1 "flight#1"', 'hotel~compensate#1 "hotel#1"']);
  });

  it('does so when its time is over, in as much time as it takes', async () => {
    const definition = trip([tool('pay', 'stuck')], 'pay', {
      compensate: { tool: 'slow', arguments: { booking: { cel: 'result.booking' } } },
    });
    const { run, ...outcome } = await engine().execute(definition, { timeoutSeconds: 1 });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'EXECUTION_TIMEOUT' } });
    expect(undone(run).at(-1)).toBe('hotel~compensate#1 "hotel#1"');
    expect(run.recorded.log).toContain('ran hotel~compensate#1');
  });

  it('is left alone when the execution completes', async () => {
    const { run, status } = await engine().execute(trip([step('done')], 'done'));
    expect({ status, undone: undone(run) }).toEqual({ status: 'completed', undone: [] });
  });

  it('goes on to the end when the execution is cancelled in the middle of a compensate node', async () => {
    const definition = trip([{ id: 'undo', type: 'compensate' }], 'undo', {
      compensate: { tool: 'slow', arguments: { booking: { cel: 'result.booking' } } },
    });
    const run = await engine().start(definition);
    await eventually(() => run.recorded.log.includes('run hotel~compensate#1'), 'the second compensation');
    await run.cancel();
    expect((await run.outcome()).status).toBe('cancelled');
    expect(undone(run)).toEqual(['flight~compensate#1 "flight#1"', 'hotel~compensate#1 "hotel#1"']);
    expect(run.recorded.log).toContain('ran hotel~compensate#1');
  });
});

describe('compensations', () => {
  const engine = useEngine({}, setUp);

  it('are run by a compensate node, those due so far, and then not again', async () => {
    const definition = workflow({
      state: { done: {} },
      nodes: [
        booking('hotel'),
        { id: 'undo', type: 'compensate' },
        booking('car'),
        { id: 'f', type: 'fail', code: 'OVER', message: 'over' },
      ],
      edges: [edge('START > hotel'), edge('hotel > undo'), edge('undo > car'), edge('car > f'), edge('f > END')],
    });
    const { run, ...outcome } = await engine().execute(definition);
    expect(outcome.error?.code).toBe('OVER');
    expect(undone(run)).toEqual(['hotel~compensate#1 "hotel#1"', 'car~compensate#1 "car#1"']);
    expect(run.recorded.visits.find(({ node }) => node === 'undo')).toMatchObject({
      type: 'compensate',
      status: 'completed',
      output: { compensated: 1, failed: 0 },
    });
  });

  it('go on after one that fails, or is refused, which is recorded', async () => {
    const definition = workflow({
      nodes: [
        booking('a'),
        booking('b', { compensate: { tool: 'no', arguments: {} } }),
        booking('c', { compensate: { tool: 'open', arguments: {} } }),
        { id: 'undo', type: 'compensate' },
      ],
      edges: [edge('START > a'), edge('a > b'), edge('b > c'), edge('c > undo'), edge('undo > END')],
    });
    const { run, status } = await engine().execute(definition);
    expect({ status, undone: undone(run).at(-1) }).toEqual({
      status: 'completed',
      undone: 'a~compensate#1 "a#1"',
    });
    const rows = run.recorded.visits.map(({ node, type, status: of, error }) => [node, type, of, error?.code]);
    expect(rows).toEqual([
      ['c~compensate', 'compensation', 'failed', 'CIRCUIT_OPEN'],
      ['b~compensate', 'compensation', 'failed', 'NO'],
      ['undo', 'compensate', 'completed', undefined],
    ]);
  });

  it('undo each item of a for-each that was done, the last one first', async () => {
    const definition = workflow({
      nodes: [
        booking('seat', {
          arguments: { n: { cel: 'item' } },
          compensate: { tool: 'take_back', arguments: { booking: { cel: 'string(item) + "/" + string(index)' } } },
        }),
        { id: 'f', type: 'fail', code: 'OVER', message: 'over' },
      ],
      edges: [edge('START > seat', { for_each: '["x", "y", "z"]' }), edge('seat > f'), edge('f > END')],
    });
    const { run } = await engine().execute(definition);
    expect(undone(run)).toEqual(['seat~compensate#3 "z/2"', 'seat~compensate#2 "y/1"', 'seat~compensate#1 "x/0"']);
    expect(run.recorded.calls.at(-1)?.item).toBe(0);
  });

  it('are of the visits that succeeded, whatever ended the step around them', async () => {
    const definition = workflow({
      nodes: [booking('quick'), tool('broken', 'slow', { outputs: { r: 'result.missing' } })],
      edges: [edge('START > quick'), edge('START > broken'), edge('quick > END'), edge('broken > END')],
      state: { r: {} },
    });
    const { run, ...outcome } = await engine().execute(definition);
    expect(outcome.error).toMatchObject({ code: 'EXPRESSION_ERROR', node: 'broken' });
    expect(undone(run)).toEqual(['quick~compensate#1 "quick#1"']);
  });

  it.each([
    ['have no value', { booking: { cel: 'result.missing' } }],
    ['are no object', { cel: 'result.booking' }],
  ])('fail their visit at once when their arguments %s', async (_, args) => {
    const definition = workflow({
      nodes: [booking('hotel', { compensate: { tool: 'take_back', arguments: args } })],
      edges: [edge('START > hotel'), edge('hotel > END')],
    });
    const { run, ...outcome } = await engine().execute(definition);
    expect(outcome.error).toMatchObject({ code: 'EXPRESSION_ERROR', node: 'hotel', visit: 1 });
    expect(undone(run)).toEqual([]);
  });

  it('meet the gate that their level needs, and ask for an approval of their own', async () => {
    const gate: GateDefinition = { gate_name: 'default', trigger_condition: 'tool == "take_back"' };
    const definition: WorkflowDefinition = {
      ...trip([tool('pay', 'no')], 'pay'),
      hitl_gates: { default: gate },
    };
    const run = await engine().start(definition, { tools: { take_back: { min_privilege_level: 3 } } });
    const [first] = await run.pending();
    expect(first).toMatchObject({ node: 'flight~compensate', tool: 'take_back', arguments: { booking: 'flight#1' } });
    if (first) await run.decide(first, 'rejected');
    await eventually(() => run.recorded.paused.length === 2, 'the second approval');
    const [second] = await run.pending();
    if (second) await run.decide(second, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'failed', error: { code: 'NO' } });
    expect(undone(run)).toEqual(['hotel~compensate#1 "hotel#1"']);
    expect(run.recorded.calls.at(-1)?.gate?.approval?.approval_id).toBe(second?.approval_id);
    expect(run.recorded.visits.find(({ node }) => node === 'flight~compensate')?.error?.code).toBe('APPROVAL_REJECTED');
  });

  it('that wait for people go on waiting when a sibling of their node ends the execution', async () => {
    const definition: WorkflowDefinition = {
      ...workflow({
        nodes: [booking('hotel'), { id: 'undo', type: 'compensate' }, tool('pay', 'no_later')],
        edges: [
          edge('START > hotel'),
          edge('hotel > undo'),
          edge('hotel > pay'),
          edge('undo > END'),
          edge('pay > END'),
        ],
      }),
      hitl_gates: { default: { gate_name: 'default', trigger_condition: 'tool == "take_back"' } },
    };
    const run = await engine().start(definition, { tools: { take_back: { min_privilege_level: 3 } } });
    const [asked] = await run.pending();
    await sleep(1_000);
    if (asked) await run.decide(asked, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'failed', error: { code: 'NO' } });
    expect(undone(run)).toEqual(['hotel~compensate#1 "hotel#1"']);
  });
});
