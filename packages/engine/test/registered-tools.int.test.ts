import { describe, expect, it } from '@jest/globals';
import { approvalPayloadHash, ToolError, type Json, type NodeDefinition, type ToolSpec } from '@aumos/agf-domain';
import { eventually } from '@aumos/agf-testing';
import { Context } from '@temporalio/activity';
import type { ModelToolCall, ToolCall, ToolDispatch } from '../src/common/index.js';
import { CACHING, useEngine, type EngineHarness } from './support/engine-harness.js';
import { TRAIL, agent, edge, step, tool, workflow } from './support/definitions.js';

const one = (node: NodeDefinition) =>
  workflow({
    state: { r: {}, ...TRAIL },
    nodes: [node, step('repair')],
    edges: [edge(`START > ${node.id}`), edge(`${node.id} > END`), edge('repair > END')],
    more: { output: { cel: '{"r": state.r, "error": state.error}' } },
  });

const specOf = (name: string, version: number, more: Partial<ToolSpec> = {}): ToolSpec => ({
  ...{ name, version, description: name, category: 'data', input_schema: true, output_schema: true },
  ...{ min_privilege_level: 2, idempotent: true, timeout_seconds: 30 },
  ...more,
});

const setUp = (engine: EngineHarness): void => {
  const admits = (handler: string) => (): ToolDispatch => ({
    ...{ kind: 'admitted', permit: { id: handler, links: [] } },
    ...{ task_queue: engine.queues.nodes, handler },
  });
  /** The registry has this version of it by now. */
  const now =
    (spec: ToolSpec, gives: Json = 'done') =>
    ({ tool_version }: ToolCall): Json | ToolDispatch =>
      tool_version === spec.version ? gives : { kind: 'changed', spec };
  engine
    .tool('moved', (_, call) => now(specOf('moved', 2))(call))
    .tool('raised', (_, call) => now(specOf('raised', 2, { min_privilege_level: 3 }))(call))
    .tool('lowered', (_, call) => now(specOf('lowered', 2))(call))
    .tool('restless', (_, { tool_version }) => ({ kind: 'changed', spec: specOf('restless', tool_version + 1) }));
  for (const name of ['bill', 'unfit', 'broken', 'named', 'silent', 'stuck']) engine.tool(name, admits(name));
  engine
    .tool('nobody', () => ({ ...admits('bill')(), task_queue: 'nobody-listens' }))
    .tool('elsewhere', admits('unknown'))
    .handler('bill', (args, { effect_key, node }) => ({ args, effect_key, node }))
    .handler('unfit', () => 'unfit')
    .handler('broken', (_, __, attempt) => {
      if (attempt < 2) throw new ToolError('BUSY', 'again', true);
      return attempt;
    })
    .handler('named', () => {
      throw new ToolError('NO_CUSTOMER', 'there is none', false, { id: 7 });
    })
    .handler('silent', async () => Context.current().cancelled)
    // Longer than the tool's time; then it lets its worker end.
    .handler('stuck', () => new Promise((resolve) => setTimeout(resolve, 2_000, null)));
};

describe.each(CACHING)('registered tools, %s', (_, options) => {
  const engine = useEngine(options, setUp);

  describe('that have become another version', () => {
    it('are called as they are now', async () => {
      const { output, run } = await engine().execute(one(tool('a', 'moved', { output: 'r' })));
      expect(output).toMatchObject({ r: 'done' });
      expect(run.recorded.calls.map(({ tool_version }) => tool_version)).toEqual([1, 2]);
    });

    it('need the higher level: an approval is asked for once it is 3, and denied is who has less', async () => {
      const run = await engine().start(one(tool('a', 'raised', { output: 'r' })));
      const [approval] = await run.pending();
      expect(approval).toMatchObject({ tool: 'raised', tool_version: 2, privilege_level: 3 });
      await run.decide(approval!, 'approved');
      expect(await run.outcome()).toMatchObject({ output: { r: 'done' } });
      expect(run.recorded.calls.map(({ need }) => need)).toEqual([2, 3]);
      const low = await engine().execute(one(tool('a', 'raised', { output: 'r' })), { level: 2 });
      // Nobody is asked: the dispatch denies it.
      expect(low.run.recorded.calls.map(({ need, gate }) => [need, gate?.approval])).toEqual([
        [2, undefined],
        [3, undefined],
      ]);
    });

    it('are not run under an approval of what they were: people are asked anew, and what they decide holds', async () => {
      const tools = { lowered: { min_privilege_level: 4 as const } };
      const run = await engine().start(one(tool('a', 'lowered', { output: 'r', arguments: { n: 1 } })), { tools });
      const [first] = await run.pending();
      expect(first).toMatchObject({ tool_version: 1, privilege_level: 4 });
      await run.decide(first!, 'approved');
      const [second] = await run.pending();
      // As it was published: a tool's new level lowers no need.
      expect(second).toMatchObject({ tool_version: 2, privilege_level: 4, arguments: { n: 1 } });
      expect(second!.payload_hash).toBe(approvalPayloadHash(second!));
      expect(run.recorded.calls).toHaveLength(1);
      await run.decide(second!, 'rejected', 'not this one');
      expect(await run.outcome()).toMatchObject({ error: { code: 'APPROVAL_REJECTED' } });
      expect(run.recorded.calls).toHaveLength(1);
    });

    it('wait for people in a later run, too', async () => {
      const tools = { lowered: { min_privilege_level: 3 as const } };
      const continueAfter = { events: 10, visits: 1 };
      const run = await engine().start(one(tool('a', 'lowered', { output: 'r' })), { tools, continueAfter });
      const [first] = await run.pending();
      await run.decide(first!, 'approved');
      const [second] = await run.pending();
      expect(second).toMatchObject({ tool_version: 2 });
      await run.decide(second!, 'approved');
      expect(await run.outcome()).toMatchObject({ status: 'completed', output: { r: 'done' } });
      const approvals = run.recorded.calls.map(({ tool_version, gate }) => [tool_version, gate?.approval?.approval_id]);
      expect(approvals.at(-1)).toEqual([2, second!.approval_id]);
      expect(engine().activities.approvalsOf(run.executionId)).toHaveLength(2);
    });

    it('again and again are given up', async () => {
      const { error, run } = await engine().execute(one(tool('a', 'restless')));
      expect(error).toMatchObject({ code: 'TOOL_CHANGED' });
      expect(run.recorded.calls).toHaveLength(11);
    });
  });

  describe('whose work a team’s handler does', () => {
    it('are admitted, run on its queue and settled', async () => {
      const { output, run } = await engine().execute(one(tool('a', 'bill', { output: 'r', arguments: { n: 1 } })));
      const effect_key = `${run.executionId}/a/1`;
      expect(output).toMatchObject({ r: { args: { n: 1 }, effect_key, node: 'a' } });
      expect(run.recorded.log).toEqual(['run a#1', 'completed a#1', 'outcome completed']);
      expect(run.recorded.settledTools).toMatchObject([
        { call: { tool: 'bill', tool_version: 1, need: 2 }, permit: { id: 'bill' }, outcome: { kind: 'completed' } },
      ]);
      expect(run.recorded.settledTools[0]?.call).not.toHaveProperty('ended');
      expect(run.recorded.visits).toEqual([]);
    });

    it('are called by agents, and told to their models as results', async () => {
      const calls = [{ id: 'c1', name: 'bill', arguments: { n: 2 } }] as ModelToolCall[];
      engine().model('biller', ({ visit }) => (visit === 1 ? { calls } : { text: 'billed' }));
      const node = agent('a', 'biller', { output: 'r' });
      const { output, run } = await engine().execute(one(node), { tools: { bill: {} } });
      expect(output).toMatchObject({ r: 'billed' });
      expect(run.recorded.settledTools).toMatchObject([
        { call: { node: 'a~1~bill', agent: { name: 'biller' } }, outcome: { reply: { result: { args: { n: 2 } } } } },
      ]);
      expect(run.recorded.turns[1]?.told).toEqual([{ id: 'c1', at: { node: 'a~1~bill', visit: 1 } }]);
    });

    it('wait for people where they need it, once', async () => {
      const tools = { bill: { min_privilege_level: 3 as const } };
      const run = await engine().start(one(tool('a', 'bill', { output: 'r' })), { tools });
      const [approval] = await run.pending();
      expect(run.recorded.log.filter((line) => line.startsWith('run'))).toEqual([]);
      await run.decide(approval!, 'approved');
      expect(await run.outcome()).toMatchObject({ status: 'completed' });
      expect(run.recorded.settledTools[0]?.call.gate?.approval?.approval_id).toBe(approval!.approval_id);
    });

    it('fail where the result is not what the tool promises', async () => {
      const { error } = await engine().execute(one(tool('a', 'unfit')));
      expect(error).toMatchObject({ code: 'INVALID_RESULT', node: 'a', visit: 1 });
    });

    it('are retried as tools are, under one admission', async () => {
      const retry = { max_attempts: 3, initial_interval_ms: 1 };
      const { output, run } = await engine().execute(one(tool('a', 'broken', { output: 'r', retry })));
      expect(output).toMatchObject({ r: 2 });
      expect(run.recorded.calls).toHaveLength(1);
    });

    it('fail with the handler’s own error', async () => {
      const { output, run } = await engine().execute(one(tool('a', 'named', { on_error: 'repair' })));
      expect(output).toMatchObject({ error: { code: 'NO_CUSTOMER', details: { id: 7 } } });
      expect(run.recorded.settledTools).toMatchObject([
        { outcome: { kind: 'failed', error: { code: 'NO_CUSTOMER' } } },
      ]);
    });

    it('whose handler is not heard of again have an unknown outcome, unless they may run twice', async () => {
      const retry = { max_attempts: 1 };
      const node = tool('a', 'stuck', { timeout_seconds: 1, retry });
      expect(await engine().execute(one(node))).toMatchObject({ error: { code: 'TOOL_TIMEOUT' } });
      const once = await engine().execute(one(node), { tools: { stuck: { idempotent: false } } });
      expect(once.error).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    });

    it('that no worker takes were not begun', async () => {
      const idempotent = { nobody: { idempotent: false } };
      const waiting = { tools: idempotent, workerWaitSeconds: 1 };
      expect((await engine().execute(one(tool('a', 'nobody')), waiting)).error).toMatchObject({ code: 'NO_WORKER' });
      expect((await engine().execute(one(tool('a', 'elsewhere')))).error).toMatchObject({ code: 'UNKNOWN_HANDLER' });
    });

    it('are cancelled with their execution, and settled', async () => {
      const run = await engine().start(one(tool('a', 'silent', { heartbeat_seconds: 2 })));
      await eventually(() => run.recorded.calls.length > 0, 'the call');
      await run.cancel();
      expect((await run.outcome()).status).toBe('cancelled');
      expect(run.recorded.settledTools).toMatchObject([{ outcome: { kind: 'failed', error: { code: 'CANCELLED' } } }]);
    });
  });
});
