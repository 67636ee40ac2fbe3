import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json, WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { Context } from '@temporalio/activity';
import { EngineHarness, type RunOptions } from '../../engine/test/support/engine-harness.js';
import { createGraphWorker } from '../src/index.js';
import { GraphWorkerProcess } from './support/graph-worker-process.js';
import { RogueTeam } from './support/rogue-team.js';
import { GRAPHS, spec, Team } from './support/team.js';

describe("a team's graph that does not go well", () => {
  let engine: EngineHarness;
  let team: Team;
  const started: string[] = [];
  let running = 0;
  let cancelled = 0;

  beforeAll(async () => {
    [engine, team] = await Promise.all([EngineHarness.open(), Team.open()]);
    await team.work();
    for (const [name, more] of Object.entries({
      count: {},
      slow: {},
      fails: {},
      load: { min_privilege_level: 3 as const },
    }))
      engine.activities.specs.set(name, spec(name, more));
    engine
      .tool('count', () => 1)
      .tool('load', () => 'loaded')
      .tool('fails', () => {
        throw new Error('away');
      })
      .tool('slow', async () => {
        running++;
        try {
          await Context.current().sleep(60_000);
        } catch (error) {
          cancelled++;
          throw error;
        }
        return 1;
      });
  }, 60_000);
  afterAll(async () => {
    const errors = await team.replayErrors(engine, started);
    await engine.replayAndClose();
    await team.close();
    expect(errors).toEqual([]);
  }, 60_000);

  const start = async (
    graph: string,
    args: Json = {},
    {
      node = {},
      more = {},
      ...options
    }: RunOptions & { node?: Record<string, Json>; more?: Partial<WorkflowDefinition> } = {},
  ) => {
    const run = await engine.start(team.calling(graph, node, more), { input: { args }, ...options });
    started.push(run.executionId);
    return run;
  };
  const errorOf = async (...args: Parameters<typeof start>) => {
    const run = await start(...args);
    const { status, error } = await run.outcome();
    expect(status).toBe('failed');
    return { error, run };
  };

  it('names its failure', async () => {
    const { error, run } = await errorOf('names');
    expect(error).toMatchObject({ code: 'NO_STOCK', message: 'none left', node: 'g', details: { item: 'x' } });
    expect(run.recorded.visits).toContainEqual(
      expect.objectContaining({ node: 'g~1~only', type: 'graph_node', status: 'failed' }),
    );
  });

  it('names its failure with what has no JSON', async () => {
    const details = { not_json: expect.stringContaining('BigInt') };
    expect((await errorOf('namesNoJson')).error).toMatchObject({ code: 'NO_STOCK', details });
  });

  it('shows more than one message holds', async () => {
    const run = await start('shows', { n: 30 });
    const { output } = await run.outcome();
    expect(output).toMatchObject({ result: 'shown' });
    expect(run.recorded.visits.filter(({ type }) => type === 'graph_node')).toHaveLength(30);
  });

  it('keeps what it does not name to itself', async () => {
    const { error, run } = await errorOf('leaks');
    expect(error).toMatchObject({ code: 'GRAPH_FAILED', message: 'The graph failed' });
    expect(JSON.stringify(run.recorded)).not.toContain('hunter2');
  });

  it.each(['nothing', 'notAGraph', 'toString'])('is not there: %s', async (name) => {
    expect((await errorOf(name)).error).toMatchObject({ code: 'UNKNOWN_GRAPH' });
  });

  it('goes round and round', async () => {
    expect((await errorOf('forever')).error).toMatchObject({
      code: 'GRAPH_FAILED',
      details: { langgraph: 'GRAPH_RECURSION_LIMIT' },
    });
  });

  it('asks for much at once', async () => {
    const run = await start('many', { n: 30 });
    expect((await run.outcome()).output).toMatchObject({ result: 30 });
    expect(run.recorded.calls).toHaveLength(30);
  });

  it.each<[string, Json, string]>([
    ['an unknown tool', { tool: 'none' }, 'UNKNOWN_TOOL'],
    ['an unknown gate', { tool: 'count', options: { gate: 'none' } }, 'UNKNOWN_GATE'],
    ['in no time', { tool: 'count', options: { timeout_seconds: 0 } }, 'INVALID_ARGUMENTS'],
    ['ever faster', { tool: 'count', options: { retry: { backoff: 0.5 } } }, 'INVALID_ARGUMENTS'],
    ['a tool that fails', { tool: 'fails', options: { retry: { max_attempts: 1 } } }, 'INTERNAL_ERROR'],
  ])('calls %s', async (_name, args, code) => {
    expect((await errorOf('calls', args)).error).toMatchObject({ code, node: 'g' });
  });

  it('asks nobody about a call that its starter may not make', async () => {
    const run = await start('calls', { tool: 'load' }, { level: 2 });
    await run.outcome();
    expect(engine.activities.approvalsOf(run.executionId)).toEqual([]);
    expect(run.recorded.calls).toEqual([
      expect.objectContaining({
        tool: 'load',
        need: 3,
        initiator_level: 2,
        gate: expect.not.objectContaining({ approval: expect.anything() }),
      }),
    ]);
  });

  it('is told of a rejected call as of any failure', async () => {
    const run = await start('catches', { tool: 'load' });
    const [approval] = await run.pending();
    await run.decide(approval!, 'rejected');
    expect((await run.outcome()).output).toMatchObject({ result: { caught: true, code: 'APPROVAL_REJECTED' } });
    expect(run.recorded.calls).toEqual([]);
  });

  it('holds its calls to the gate of its node', async () => {
    const gates = { hitl_gates: { own: { gate_name: 'own', trigger_condition: "tool == 'count'" } } };
    const run = await start('calls', { tool: 'count' }, { node: { gate: 'own' }, more: gates });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({ gate_name: 'own', tool: 'count', node: 'g~1~only~count' });
    await run.decide(approval!, 'approved');
    expect((await run.outcome()).status).toBe('completed');
  });

  it('cannot replace a gate by one that asks less', async () => {
    const hitl_gates = {
      strict: { gate_name: 'strict', trigger_condition: "tool == 'load'" },
      lax: { gate_name: 'lax', trigger_condition: 'privilege_level >= 5' },
    };
    const args = { tool: 'load', options: { gate: 'lax' } };
    const run = await start('calls', args, { node: { gate: 'strict' }, more: { hitl_gates } });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({ gate_name: 'strict', tool: 'load' });
    expect(run.recorded.calls).toEqual([]);
    await run.decide(approval!, 'approved');
    expect((await run.outcome()).status).toBe('completed');
    const open = await errorOf('calls', args, { more: { hitl_gates } });
    expect(open.error).toMatchObject({ code: 'INVALID_ARGUMENTS', node: 'g' });
    expect(open.run.recorded.calls).toEqual([]);
  });

  it('is what it is, whatever its worker sends: no task of its execution fails', async () => {
    const rogue = await RogueTeam.open();
    const run = await engine.start(rogue.calling, { input: {}, timeoutSeconds: 60 });
    expect((await run.outcome()).error).toMatchObject({ code: 'GRAPH_FAILED', node: 'g' });
    expect(run.recorded.calls).toEqual([]);
    const rows = run.recorded.visits.filter(({ type }) => type === 'graph_node');
    expect(rows).toHaveLength(1);
    expect(rows).toEqual([expect.not.objectContaining({ approval_id: expect.anything() })]);
    expect(Date.parse(rows[0]!.started_at)).not.toBeNaN();
    const { events } = await engine.client.workflow.getHandle(`tenant-a/${run.executionId}`).fetchHistory();
    expect(events!.filter(({ workflowTaskFailedEventAttributes: failed }) => failed)).toEqual([]);
    await rogue.close();
  });

  it('hands its error to on_error', async () => {
    const run = await start(
      'names',
      {},
      {
        node: { on_error: 'caught' },
        more: {
          nodes: [
            team.calling('names', { on_error: 'caught' }).nodes[0]!,
            { id: 'caught', type: 'transform', set: { r: { cel: 'state.error.code' } } },
          ],
          edges: [
            { source: 'START', target: 'g' },
            { source: 'g', target: 'END' },
            { source: 'caught', target: 'END' },
          ],
        },
      },
    );
    expect((await run.outcome()).output).toBe('NO_STOCK');
  });

  it('knows for whom it runs', async () => {
    const run = await start('whoAmI');
    expect((await run.outcome()).output).toMatchObject({
      result: { tenant_id: 'tenant-a', execution_id: run.executionId, node: 'g', visit: 1 },
    });
  });

  it('ends with its execution: its calls are cancelled, its approvals closed', async () => {
    const before = cancelled;
    const calling = await start('calls', { tool: 'slow' });
    await eventually(() => running > 0, 'the call');
    await calling.cancel();
    expect((await calling.outcome()).status).toBe('cancelled');
    expect(cancelled).toBe(before + 1);
    const asking = await start('asksTwice');
    await asking.pending();
    await asking.cancel();
    expect((await asking.outcome()).status).toBe('cancelled');
    expect(engine.activities.pending(asking.executionId)).toEqual([]);
  });

  it('has its time', async () => {
    const { error } = await errorOf('calls', { tool: 'slow' }, { node: { timeout_seconds: 2 } });
    expect(error).toMatchObject({ code: 'HANDLER_TIMEOUT' });
  });

  it('begins no call while the execution is paused', async () => {
    const run = await start('asksTwice');
    const [approval] = await run.pending();
    await run.send({ kind: 'pause', id: randomUUID() });
    await run.decide(approval!, 'approved');
    await eventually(() => run.recorded.resumed.length > 0, 'the decision');
    await sleep(500);
    expect(run.recorded.calls).toHaveLength(1);
    await run.send({ kind: 'resume', id: randomUUID() });
    const [second] = await run.pending();
    await run.decide(second!, 'approved');
    expect((await run.outcome()).output).toMatchObject({ result: { before: 1, between: 1 } });
  });

  it('waits for a worker so long, and no longer', async () => {
    const nobody = await Team.open();
    const run = await engine.start(nobody.calling('whoAmI'), { input: {}, workerWaitSeconds: 1 });
    expect((await run.outcome()).error).toMatchObject({ code: 'NO_WORKER' });
  });

  it('goes on in another worker when its own is killed, and repeats no call', async () => {
    const own = await Team.open();
    const first = await GraphWorkerProcess.open(own);
    const run = await engine.start(own.calling('asksTwice'), { input: {}, timeoutSeconds: 120 });
    started.push(run.executionId);
    const [approval] = await run.pending();
    await first.kill();
    await run.decide(approval!, 'approved');
    const second = await GraphWorkerProcess.open(own);
    const [again] = await run.pending();
    await second.kill();
    await run.decide(again!, 'approved');
    const third = await GraphWorkerProcess.open(own);
    expect((await run.outcome()).output).toMatchObject({ result: { before: 1, between: 1, approved: true } });
    expect(run.recorded.calls).toHaveLength(2);
    await third.kill();
  }, 60_000);

  it('needs a name for its team', async () => {
    await expect(createGraphWorker({ address: 'nowhere:1', team: 'no spaces', graphs: GRAPHS })).rejects.toThrow(
      TypeError,
    );
  });
});
