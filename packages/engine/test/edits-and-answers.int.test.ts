import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { approvalPayloadHash, type Json, type NodeDefinition, type WorkflowDefinition } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import type { ApprovalStart, ModelToolCall } from '../src/common/index.js';
import { agent, edge, fn, tool, workflow } from './support/definitions.js';
import { CACHING, EngineHarness, type StartedRun, useEngine } from './support/engine-harness.js';
import { WorkerProcess } from './support/worker-process.js';

const RISKY = { load: { min_privilege_level: 3 as const }, work: {}, undo: {} };
const OVER_100 = { default: { gate_name: 'default', trigger_condition: 'arguments.n > 100' } };

const one = (node: NodeDefinition, more: Partial<WorkflowDefinition> = {}): WorkflowDefinition =>
  workflow({
    state: { r: {} },
    nodes: [node],
    edges: [edge(`START > ${node.id}`), edge(`${node.id} > END`)],
    more: { output: { cel: 'state.r' }, ...more },
  });
const load = (more: Record<string, unknown> = {}): NodeDefinition =>
  tool('load', 'load', { arguments: { n: 500 }, output: 'r', ...more });

const nextOf = async (run: StartedRun, { approval_id }: ApprovalStart): Promise<ApprovalStart> => {
  await eventually(() => run.recorded.resumed.includes(approval_id), 'the edit to be taken');
  const [next] = await run.pending();
  return next!;
};

describe.each(CACHING)('edits and answers, %s', (_, options) => {
  const engine = useEngine(options, (made) => {
    made
      .tool('load', (args) => args)
      .tool('work', (args) => args['i'] ?? null)
      .tool('undo', () => null)
      .handler('price', (args) => args);
  });

  it('an edit asks anew, of others than who wrote it, and exactly what they approve is called, once', async () => {
    const tools = { load: { ...RISKY.load, input_schema: { type: 'object' } } };
    const run = await engine().start(one(load()), { tools });
    const [first] = await run.pending();
    expect(first).toMatchObject({
      allowed_decisions: ['approve', 'reject', 'edit', 'respond'],
      input_schema: { type: 'object' },
    });
    expect(first).not.toHaveProperty('edited_by');
    await run.edit(first!, { n: 1 }, 'ann');
    const second = await nextOf(run, first!);
    expect(second).toMatchObject({
      ...{ arguments: { n: 1 }, edited_by: ['ann'], edits: 1, replaces: first!.approval_id },
      ...{ requested_by: 'starter', gate_name: first!.gate_name, privilege_level: 3 },
    });
    expect(second.payload_hash).toBe(approvalPayloadHash(second));
    expect(second.payload_hash).not.toBe(first!.payload_hash);
    await run.edit(second, { n: 2 }, 'bob');
    const third = await nextOf(run, second);
    expect(third).toMatchObject({ arguments: { n: 2 }, edited_by: ['ann', 'bob'], edits: 2 });
    expect(run.recorded.calls).toEqual([]);
    await run.decide(third, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { n: 2 } });
    const { approval_id, payload_hash, expires_at } = third;
    expect(run.recorded.calls).toMatchObject([
      { arguments: { n: 2 }, gate: { approval: { approval_id, payload_hash, expires_at } } },
    ]);
    expect(run.recorded.paused).toEqual([first!.approval_id, second.approval_id, approval_id]);
    expect(run.recorded.resumed).toEqual(run.recorded.paused);
  });

  it('an edit is asked about also where its arguments would not have met the gate', async () => {
    const run = await engine().start(one(load(), { hitl_gates: OVER_100 }), { tools: RISKY });
    const [first] = await run.pending();
    await run.edit(first!, { n: 5 });
    const second = await nextOf(run, first!);
    expect(second).toMatchObject({ approvals_required: 1, arguments: { n: 5 } });
    await run.decide(second, 'rejected', 'not even five');
    expect(await run.outcome()).toMatchObject({ error: { code: 'APPROVAL_REJECTED' } });
    expect(run.recorded.calls).toEqual([]);
  });

  it('an edit keeps the number of approvals, and fails where its condition fails', async () => {
    const two = { default: { gate_name: 'default', trigger_condition: 'arguments.n > 100', approvals_required: 2 } };
    const run = await engine().start(one(load(), { hitl_gates: two }), { tools: RISKY });
    const [first] = await run.pending();
    expect(first?.allowed_decisions).toEqual(['approve', 'reject', 'edit']);
    await run.edit(first!, { n: 1 });
    const second = await nextOf(run, first!);
    expect(second.approvals_required).toBe(2);
    await run.edit(second, {});
    expect(await run.outcome()).toMatchObject({ error: { code: 'EXPRESSION_ERROR', node: 'load' } });
  });

  it('an edit asks as many as an escalation has raised it to; nobody alone answers it any more', async () => {
    const run = await engine().start(one(load()), { tools: RISKY });
    const [first] = await run.pending();
    expect(first).toMatchObject({ approvals_required: 1, allowed_decisions: ['approve', 'reject', 'edit', 'respond'] });
    await run.edit(first!, { n: 1 }, 'ann', 3);
    const second = await nextOf(run, first!);
    expect(second).toMatchObject({ approvals_required: 3, allowed_decisions: ['approve', 'reject', 'edit'] });
    expect(second.rule?.stages).toMatchObject([{ approvals_required: 3 }]);
    await run.decide(second, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed' });
  });

  it('an answer stands in place of the call, which leaves nothing to undo', async () => {
    const definition = workflow({
      state: { r: {} },
      nodes: [
        load({ compensate: { tool: 'undo', arguments: {} } }),
        { id: 'f', type: 'fail', code: 'X', message: 'after it' },
      ],
      edges: [edge('START > load'), edge('load > f'), edge('f > END')],
    });
    const run = await engine().start(definition, { tools: RISKY });
    const [approval] = await run.pending();
    await run.answer(approval!, { by: 'hand' });
    expect(await run.outcome()).toMatchObject({ status: 'failed', error: { code: 'X' } });
    expect(run.recorded.calls).toEqual([]);
    expect(run.recorded.visits[0]).toMatchObject({
      ...{ node: 'load', type: 'answer', status: 'completed', input: { n: 500 }, output: { by: 'hand' } },
    });
    expect(run.recorded.resumed).toEqual([approval!.approval_id]);
  });

  it.each<[string, NodeDefinition, Json]>([
    ['gate node', { id: 'g', type: 'gate', gate: 'g', payload: { n: 1 }, output: 'r' }, ['yes', 1]],
    ['function node', fn('p', 'price', { arguments: { n: 1 }, privilege_level: 3, output: 'r' }), 12],
  ])('a %s is answered', async (kind, node, result) => {
    const run = await engine().start(one(node, { hitl_gates: { g: { gate_name: 'g' } } }));
    const [approval] = await run.pending();
    expect(approval?.allowed_decisions).toContain('respond');
    expect(approval?.allowed_decisions?.includes('edit')).toBe(kind !== 'gate node');
    await run.answer(approval!, result);
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: result });
    expect(run.recorded.settled).toEqual([]);
  });

  it('a handler is called with what was edited', async () => {
    const node = fn('p', 'price', { arguments: { n: 1 }, privilege_level: 3, output: 'r' });
    const run = await engine().start(one(node));
    const [first] = await run.pending();
    await run.edit(first!, { n: 7 });
    await run.decide(await nextOf(run, first!), 'approved');
    expect(await run.outcome()).toMatchObject({ output: { n: 7 } });
  });

  it('a child is neither edited nor answered, and one of several approvals answers nothing', async () => {
    engine().workflow(one(load(), { name: 'called' }), { tools: RISKY });
    const child = { id: 'c', type: 'workflow', workflow: 'called', input: {}, privilege_level: 3 } as NodeDefinition;
    const gate = { id: 'g', type: 'gate', gate: 'g', payload: 1 } as NodeDefinition;
    const two = { g: { gate_name: 'g', approvals_required: 2 } };
    const runs = [await engine().start(one(child)), await engine().start(one(gate, { hitl_gates: two }))];
    for (const run of runs) {
      const [approval] = await run.pending();
      expect(approval?.allowed_decisions).toEqual(['approve', 'reject']);
      await run.decide(approval!, 'rejected');
      await run.outcome();
    }
  });

  it('each call that a model chose is edited or answered by itself, side by side', async () => {
    const call = (id: string, n: number) => ({ id, name: 'load', arguments: { n } }) as ModelToolCall;
    engine().model('clerk', ({ visit }) =>
      visit === 1 ? { calls: [call('a', 1), call('b', 2), call('c', 3)] } : { text: 'done' },
    );
    const run = await engine().start(one(agent('ask', 'clerk', { output: 'r' })), { tools: { load: RISKY.load } });
    const pending = (await run.pending(3)).sort((x, y) => x.visit - y.visit);
    await run.answer(pending[1]!, 'two, by hand');
    await run.decide(pending[2]!, 'rejected', 'not three');
    await run.edit(pending[0]!, { n: 10 });
    await run.decide(await nextOf(run, pending[0]!), 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: 'done' });
    expect(run.recorded.turns[1]?.told).toMatchObject([
      { id: 'a', at: { node: 'ask~1~load', visit: 1 } },
      { id: 'b', result: 'two, by hand' },
      { id: 'c', error: { code: 'APPROVAL_REJECTED', details: { notes: 'not three' } } },
    ]);
    expect(run.recorded.calls.map(({ visit, arguments: given }) => [visit, given])).toEqual([[1, { n: 10 }]]);
    expect(run.recorded.visits.find(({ visit }) => visit === 2)).toMatchObject({
      ...{ node: 'ask~1~load', type: 'answer', output: 'two, by hand' },
    });
  });

  it('goes on in another run while the edit is waited for', async () => {
    const definition = workflow({
      state: { r: {}, n: { reducer: 'sum' } },
      nodes: [load(), tool('each', 'work', { arguments: { i: { cel: 'item' } }, output: 'n' })],
      edges: [
        edge('START > load'),
        edge('START > each', { for_each: '[1, 1, 1, 1, 1, 1]', max_concurrency: 1 }),
        edge('load > END'),
        edge('each > END'),
      ],
      more: { output: { cel: 'state.r' } },
    });
    const continueAfter = { events: 1_000_000, visits: 3 };
    const run = await engine().start(definition, { tools: RISKY, continueAfter });
    const [first] = await run.pending();
    await run.edit(first!, { n: 3 });
    const second = await nextOf(run, first!);
    await eventually(async () => (await engine().countRuns(run.executionId)) > 1, 'another run');
    await run.decide(second, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'completed', output: { n: 3 } });
    const made = run.recorded.calls.filter(({ node }) => node === 'load');
    expect(made.map(({ gate }) => gate?.approval?.payload_hash)).toEqual([second.payload_hash]);
  });
});

describe('a worker that is killed around a decision', () => {
  let engine: EngineHarness;
  const workers: WorkerProcess[] = [];
  beforeAll(async () => {
    engine = await EngineHarness.open({ executionWorker: false });
  });
  afterAll(async () => {
    await engine.replayAndClose();
    for (const worker of workers) worker.kill();
  });
  const open = async (): Promise<WorkerProcess> => {
    const worker = await WorkerProcess.open(engine.queues.executions);
    workers.push(worker);
    return worker;
  };
  const risky = one(tool('load', 'risky', { arguments: { n: 500 }, output: 'r' }));
  const paused = async (): Promise<{ run: StartedRun; approval: ApprovalStart }> => {
    const first = await open();
    const run = await engine.start(risky, { tools: { risky: { min_privilege_level: 3 } } });
    await first.said('paused');
    first.kill();
    const [approval] = engine.activities.pending(run.executionId);
    return { run, approval: approval! };
  };

  it('loses no edit, nor the approval of it', async () => {
    const { run, approval } = await paused();
    await run.edit(approval, { n: 1 });
    const second = await open();
    // It may say first that the approval before was paused for.
    const edited = await eventually(
      () => engine.activities.pending(run.executionId).find(({ replaces }) => replaces === approval.approval_id),
      'the edited call to be asked about',
      { timeoutMs: 60_000 },
    );
    second.kill();
    expect(edited).toMatchObject({ arguments: { n: 1 } });
    await run.decide(edited, 'approved');
    const third = await open();
    await third.said('outcome');
    expect([...second.lines, ...third.lines].filter((line) => line.startsWith('run'))).toEqual([
      'run load#1 attempt 1',
    ]);
    await engine.handle(run.executionId).result();
    third.kill();
  });

  it('loses no answer, and makes no call', async () => {
    const { run, approval } = await paused();
    await run.answer(approval, { by: 'hand' });
    const second = await open();
    expect(await second.said('outcome')).toBe(
      `outcome ${JSON.stringify({ status: 'completed', output: { by: 'hand' } })}`,
    );
    expect(second.lines.filter((line) => line.startsWith('run'))).toEqual([]);
    await engine.handle(run.executionId).result();
    second.kill();
  });
});
