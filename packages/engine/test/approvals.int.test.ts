import { describe, expect, it } from '@jest/globals';
import {
  approvalPayloadHash,
  approvalWorkflowId,
  ToolError,
  type GateDefinition,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { CACHING, useEngine, type EngineHarness } from './support/engine-harness.js';
import { TRAIL, edge, join, step, tool, workflow } from './support/definitions.js';
import { datasetPublish } from './support/dataset-publish.js';

const gate = (more: Partial<GateDefinition> = {}): GateDefinition => ({ gate_name: 'publish', ...more });
const SECOND = 1 / 3600;

const risky = {
  load: { min_privilege_level: 3 as const },
  csv_profile: {},
  table_load: { min_privilege_level: 3 as const },
};

const oneRisky = (gates: Record<string, GateDefinition>, more: Record<string, unknown> = {}): WorkflowDefinition =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [tool('load', 'load', { arguments: { table: 'cars' }, output: 'r', ...more }), step('refused')],
    edges: [edge('START > load'), edge('load > END'), edge('refused > END')],
    more: { hitl_gates: gates, output: { cel: '{"r": state.r, "trail": state.trail, "error": state.error}' } },
  });

const setUp = (engine: EngineHarness): void => {
  let failing = 1;
  engine
    .tool('csv_profile', () => ({ rows: 406 }))
    .tool('table_load', () => ({ loaded: 406 }))
    .tool('load', (args) => args)
    .tool('load_twice', () => {
      if (failing-- > 0) throw new ToolError('BUSY', 'try again', true);
      return 'loaded';
    });
};

describe.each(CACHING)('approvals, %s', (_, options) => {
  const engine = useEngine(options, setUp);

  it('publishes a data set once somebody else approved', async () => {
    const run = await engine().start(datasetPublish, { input: { source: 'artifact:1' }, tools: risky, level: 3 });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({
      tool: 'table_load',
      tool_version: 1,
      gate_name: 'publish',
      node: 'load',
      visit: 1,
      privilege_level: 3,
      approvals_required: 1,
      requested_by: 'starter',
      arguments: { source: 'artifact:1', table: 'cars' },
    });
    if (!approval) return;
    expect(approval.payload_hash).toBe(approvalPayloadHash(approval));
    expect(run.recorded.calls.map(({ node }) => node)).toEqual(['profile']);
    await run.decide(approval, 'approved');
    const outcome = await run.outcome();
    expect(outcome).toMatchObject({
      status: 'completed',
      output: { profile: { rows: 406 }, issues: [] },
      breaker_outcome: 'success',
    });
    expect(run.recorded.calls[1]?.gate).toEqual({
      gate_name: 'publish',
      explicit: true,
      definition: datasetPublish.hitl_gates?.['publish'],
      scope: { state: {}, input: null },
      approval: {
        approval_id: approval.approval_id,
        payload_hash: approval.payload_hash,
        expires_at: approval.expires_at,
        paused: true,
      },
    });
    expect(run.recorded).toMatchObject({ paused: [approval.approval_id], resumed: [approval.approval_id] });
  });

  it('expires by its timer, and fails the execution without counting against the workflow', async () => {
    const gates = { default: gate({ approval_timeout_hours: SECOND, auto_reject_on_timeout: true }) };
    const outcome = await engine().execute(oneRisky(gates), { tools: risky });
    expect(outcome).toMatchObject({
      status: 'failed',
      error: { code: 'APPROVAL_EXPIRED' },
      breaker_outcome: 'ignored',
    });
  });

  it('goes on after an approval also where the dispatch fails before it records that', async () => {
    const definition = workflow({
      nodes: [tool('load', 'unbuilt', {})],
      edges: [edge('START > load'), edge('load > END')],
      more: { hitl_gates: { default: gate() } },
    });
    const unbuilt = { ...risky['load'], name: 'unbuilt' };
    const run = await engine().start(definition, { tools: { unbuilt } });
    const [approval] = await run.pending();
    if (!approval) throw new Error('nobody was asked');
    await run.decide(approval, 'approved');
    expect(await run.outcome()).toMatchObject({ status: 'failed', error: { code: 'NOT_BUILT' } });
    expect(run.recorded).toMatchObject({ calls: [], resumed: [approval.approval_id] });
  });

  it('holds two approvals at once, and goes on when both are decided', async () => {
    const definition = workflow({
      state: { a: {}, b: {}, ...TRAIL },
      nodes: [
        tool('a', 'load', { arguments: { n: 1 }, output: 'a' }),
        tool('b', 'load', { arguments: { n: 2 }, output: 'b' }),
        step('c'),
      ],
      edges: [edge('START > a'), edge('START > b'), join(['a', 'b'], 'c'), edge('c > END')],
    });
    const run = await engine().start(definition, { tools: risky });
    const approvals = await run.pending(2);
    const [first, second] = approvals.sort((x, y) => x.node.localeCompare(y.node));
    if (!first || !second) return;
    expect([first.gate_name, second.gate_name]).toEqual(['platform', 'platform']);
    await run.decide(second, 'approved');
    await eventually(() => run.recorded.resumed.includes(second.approval_id), 'the second to go on');
    expect(run.recorded.outcome).toBeUndefined();
    await run.decide(first, 'approved');
    expect(await run.outcome()).toMatchObject({ output: { a: { n: 1 }, b: { n: 2 }, trail: ['c'] } });
  });

  it('closes its approvals before a cancelled execution ends', async () => {
    const run = await engine().start(oneRisky({ default: gate() }, { on_error: 'refused' }), { tools: risky });
    const [approval] = await run.pending();
    await run.cancel();
    expect((await run.outcome()).status).toBe('cancelled');
    expect(run.recorded.log.slice(-3)).toEqual(['approval cancelled load', 'cancelled load#1', 'outcome cancelled']);
    expect(engine().activities.approvals.get(approval?.approval_id ?? '')?.outcome?.status).toBe('cancelled');
  });
});

describe('approvals', () => {
  const engine = useEngine({}, setUp);

  it('ends when some of many approvals that are decided at once are rejected', async () => {
    const definition = workflow({
      state: { r: { reducer: 'append' } },
      nodes: [tool('load', 'load', { arguments: { item: { cel: 'item' } }, output: 'r' })],
      edges: [edge('START > load', { for_each: '[1, 2, 3, 4]' }), edge('load > END')],
    });
    const ends = async (): Promise<string> => {
      const run = await engine().start(definition, { tools: risky });
      const pending = await run.pending(4);
      await Promise.all(pending.map((approval, i) => run.decide(approval, i % 3 === 0 ? 'rejected' : 'approved')));
      return (await run.outcome()).error?.code ?? 'none';
    };
    const codes = await Promise.all(Array.from({ length: 3 }, ends));
    expect(codes).toEqual(codes.map(() => 'APPROVAL_REJECTED'));
  });

  it('takes a rejection as the node error, which is not retried', async () => {
    const run = await engine().start(oneRisky({ default: gate() }, { on_error: 'refused' }), { tools: risky });
    const [approval] = await run.pending();
    if (approval) await run.decide(approval, 'rejected');
    expect(await run.outcome()).toMatchObject({
      status: 'completed',
      output: {
        trail: ['refused'],
        error: { code: 'APPROVAL_REJECTED', node: 'load', details: { decided_by: ['somebody'] } },
      },
    });
    expect(run.recorded.calls).toEqual([]);
    expect(engine().activities.approvals.size).toBeGreaterThan(0);
  });

  it('escalates instead, and stays pending', async () => {
    const gates = { default: gate({ approval_timeout_hours: SECOND }) };
    const run = await engine().start(oneRisky(gates), { tools: risky });
    const [approval] = await run.pending();
    if (!approval) return;
    await eventually(() => engine().activities.approvals.get(approval.approval_id)?.escalated === 1, 'the escalation');
    await run.decide(approval, 'approved');
    expect((await run.outcome()).status).toBe('completed');
  });

  it('stands still by the clock while a person is awaited', async () => {
    const run = await engine().start(oneRisky({ default: gate() }), { tools: risky, timeoutSeconds: 1 });
    const [approval] = await run.pending();
    const later = Date.now() + 1_500;
    await eventually(() => Date.now() > later, 'the time limit to pass');
    if (approval) await run.decide(approval, 'approved');
    expect((await run.outcome()).status).toBe('completed');
  });

  it('asks at a gate node whatever its level, and hands its decision on', async () => {
    const definition = workflow({
      state: { d: {} },
      nodes: [{ id: 'ask', type: 'gate', gate: 'publish', payload: { n: { cel: 'input' } }, output: 'd' }],
      edges: [edge('START > ask'), edge('ask > END')],
      more: { hitl_gates: { publish: gate({ trigger_condition: 'false', approvals_required: 2 }) } },
    });
    const run = await engine().start(definition, { input: 5 });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({ tool: null, arguments: { n: 5 }, approvals_required: 2, privilege_level: 1 });
    if (approval) await run.decide(approval, 'approved');
    expect(await run.outcome()).toMatchObject({ output: { d: { status: 'approved', decided_by: ['somebody'] } } });
  });

  it('lets a condition waive level 3, but never level 4', async () => {
    const never = { default: gate({ trigger_condition: 'arguments.table != "cars"' }) };
    expect(await engine().execute(oneRisky(never), { tools: risky })).toMatchObject({
      output: { r: { table: 'cars' } },
    });
    const run = await engine().start(oneRisky(never, { privilege_level: 5 }), { tools: risky });
    const [approval] = await run.pending();
    expect(approval).toMatchObject({ privilege_level: 5, approvals_required: 2 });
    if (approval) await run.decide(approval, 'rejected');
    await run.outcome();
  });

  it('asks nobody about a call that will be denied', async () => {
    const outcome = await engine().execute(oneRisky({ default: gate() }), { tools: risky, level: 2 });
    expect(outcome.run.recorded.calls[0]).toMatchObject({ need: 3, initiator_level: 2 });
    expect(outcome.run.recorded.calls[0]?.gate?.approval).toBeUndefined();
    expect(outcome.run.recorded.paused).toEqual([]);
  });

  it('retries a call under its approval', async () => {
    const definition = oneRisky({ default: gate() }, { retry: { initial_interval_ms: 1 }, tool: 'load_twice' });
    const run = await engine().start(definition, { tools: { load_twice: { min_privilege_level: 3 } } });
    const [approval] = await run.pending();
    if (approval) await run.decide(approval, 'approved');
    expect(await run.outcome()).toMatchObject({ output: { r: 'loaded' } });
    expect(new Set(run.recorded.calls.map(({ gate: met }) => met?.approval?.approval_id))).toEqual(
      new Set([approval?.approval_id]),
    );
    expect(run.recorded.paused).toHaveLength(1);
  });

  it('answers a decision whose signal came before anybody waited', async () => {
    const run = await engine().start(oneRisky({ default: gate() }), { tools: risky });
    const [approval] = await eventually(() => {
      const pending = engine().activities.pending(run.executionId);
      return pending.length > 0 ? pending : null;
    });
    if (!approval) return;
    await Promise.all([run.decide(approval, 'approved'), run.decide(approval, 'approved')]);
    expect((await run.outcome()).status).toBe('completed');
    const handle = engine().client.workflow.getHandle(approvalWorkflowId('tenant-a', approval.approval_id));
    expect(await handle.result()).toMatchObject({ status: 'approved' });
  });
});
