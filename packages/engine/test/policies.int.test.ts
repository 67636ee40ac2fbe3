import { describe, expect, it } from '@jest/globals';
import {
  CallerError,
  type GatePolicy,
  type Json,
  type NodeDefinition,
  policiesBeyond,
  policyHash,
} from '@aumos/agf-domain';
import { POLICIES_CHANGED, type ToolCall } from '../src/common/index.js';
import { CACHING, useEngine, type EngineHarness } from './support/engine-harness.js';
import { edge, fn, tool, workflow } from './support/definitions.js';

const one = (node: NodeDefinition) =>
  workflow({
    state: { r: {} },
    nodes: [node],
    edges: [edge(`START > ${node.id}`), edge(`${node.id} > END`)],
    more: { output: { cel: 'state.r' } },
  });

const ADMIN: GatePolicy = { name: 'admin', condition: 'true', approvers: ['role:admin'] };
const TWO: GatePolicy = { name: 'two', condition: 'true', approvals_required: 2, max_timeout_hours: 1 };

/** As the dispatch does it: what the tenant has now holds the call until people were asked under it. */
const under =
  (...now: GatePolicy[]) =>
  (_: unknown, { gate }: ToolCall): Json => {
    const beyond = policiesBeyond(now, gate?.approval?.policies);
    if (beyond.length > 0) throw new CallerError(POLICIES_CHANGED, 'held', { policies: beyond as unknown as Json });
    return 'done';
  };
const setUp = (engine: EngineHarness): void => {
  let changes = 0;
  engine
    .tool('free', () => 'done')
    .tool('held', under(ADMIN))
    .tool('twice', under(ADMIN, TWO))
    .tool('restless', (args, call) => under({ ...ADMIN, name: 'p', max_timeout_hours: ++changes })(args, call))
    .handler('local', () => 'done');
};

describe.each(CACHING)('policies of the tenant, %s', (_, options) => {
  const engine = useEngine(options, setUp);

  it('hold a call of any level from the start', async () => {
    const run = await engine().start(one(tool('a', 'free', { output: 'r' })), { policies: [ADMIN, TWO] });
    const [asked] = await run.pending();
    expect(asked).toMatchObject({
      ...{ gate_name: 'platform', privilege_level: 2, approvals_required: 2 },
      rule: {
        stages: [{ name: 'platform', approvers: ['role:admin'], approvals_required: 2 }],
        policies: ['admin', 'two'],
      },
      times: { timeout_hours: 1, escalation_policy: 'notify_admin' },
      policies: [policyHash(ADMIN), policyHash(TWO)],
    });
    expect(Date.parse(asked!.expires_at) - Date.parse(asked!.requested_at)).toBe(3_600_000);
    await run.decide(asked!, 'approved');
    expect(await run.outcome()).toMatchObject({ output: 'done' });
    expect(run.recorded.calls).toHaveLength(1);
  });

  it('hold no other call', async () => {
    const policies = [{ ...ADMIN, condition: "tool == 'other' || workflow == 'other' || has(state.x)" }];
    const { output } = await engine().execute(one(tool('a', 'free', { output: 'r' })), { policies });
    expect(output).toBe('done');
  });

  it('that came meanwhile are asked under before anything is done, and known from then on', async () => {
    const nodes = [tool('a', 'held', { output: 'r' }), tool('b', 'held', { output: 'r' })];
    const edges = [edge('START > a'), edge('a > b'), edge('b > END')];
    const definition = workflow({ state: { r: {} }, nodes, edges, more: { output: { cel: 'state.r' } } });
    const run = await engine().start(definition);
    for (const node of ['a', 'b']) {
      const [asked] = await run.pending();
      expect(asked).toMatchObject({ node, rule: { policies: ['admin'], stages: [{ approvers: ['role:admin'] }] } });
      await run.decide(asked!, 'approved');
    }
    expect(await run.outcome()).toMatchObject({ output: 'done' });
    // The second call was asked about at once.
    expect(run.recorded.calls.map(({ node, gate }) => [node, gate?.approval !== undefined])).toEqual([
      ['a', false],
      ['a', true],
      ['b', true],
    ]);
  });

  it('ask anew about what was approved under others, also in a later run', async () => {
    const continueAfter = { events: 10, visits: 1 };
    const run = await engine().start(one(tool('a', 'twice', { output: 'r' })), { policies: [ADMIN], continueAfter });
    const [first] = await run.pending();
    expect(first).toMatchObject({ approvals_required: 1, rule: { policies: ['admin'] } });
    await run.decide(first!, 'approved');
    const [second] = await run.pending();
    expect(second!.approval_id).not.toBe(first!.approval_id);
    expect(second).toMatchObject({ approvals_required: 2, rule: { policies: ['admin', 'two'] } });
    await run.decide(second!, 'rejected');
    expect(await run.outcome()).toMatchObject({ error: { code: 'APPROVAL_REJECTED' } });
    expect(run.recorded.calls).toHaveLength(1);
  });

  it('that change again and again are given up', async () => {
    const run = await engine().start(one(tool('a', 'restless', { output: 'r' })));
    for (let i = 0; i < 10; i++) await run.decide((await run.pending())[0]!, 'approved');
    expect(await run.outcome()).toMatchObject({ error: { code: POLICIES_CHANGED } });
    expect(run.recorded.calls).toHaveLength(11);
  });

  it('hold a local function too: its step is left to the workflow, which asks', async () => {
    const node = fn('a', 'local', { output: 'r', placement: 'local' });
    const run = await engine().start(one(node), { policies: [ADMIN] });
    const [asked] = await run.pending();
    expect(asked).toMatchObject({ node: 'a', tool: 'local', rule: { policies: ['admin'] } });
    await run.decide(asked!, 'approved');
    expect(await run.outcome()).toMatchObject({ output: 'done' });
  });

  it('hold an edited call as they held it before: an edit asks for no less', async () => {
    const policies = [{ ...TWO, condition: 'has(arguments.n) && arguments.n == 1' }];
    const run = await engine().start(one(tool('a', 'free', { output: 'r', arguments: { n: 1 } })), { policies });
    const [asked] = await run.pending();
    expect(asked).toMatchObject({ approvals_required: 2 });
    await run.edit(asked!, { n: 2 });
    const [edited] = await run.pending();
    expect(edited).toMatchObject({ approvals_required: 2, rule: { policies: ['two'] }, replaces: asked!.approval_id });
    await run.decide(edited!, 'approved');
    expect(await run.outcome()).toMatchObject({ output: 'done' });
  });
});
