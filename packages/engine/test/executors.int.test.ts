import { describe, expect, it } from '@jest/globals';
import { approvalPayloadHash, ToolError, type AgentSpec, type Json } from '@aumos/agf-domain';
import type { ExecutorCall } from '../src/common/index.js';
import { agent, edge, workflow } from './support/definitions.js';
import { CACHING, useEngine } from './support/engine-harness.js';

const FAST = { retry: { initial_interval_ms: 1 } };

describe.each(CACHING)('agents from code, %s', (_, options) => {
  const turns: ExecutorCall[] = [];
  const engine = useEngine(options, (made) => {
    made
      .tool('echo', (args) => args)
      .tool('load', (args) => ({ loaded: args['table'] ?? null }))
      .executor('clerk', (call): Json => {
        turns.push(call);
        if (call.turn > 1) return { answer: { told: call.messages.length } };
        const calls: Json = [
          { id: 'a', name: 'echo', arguments: { n: 1 } },
          { id: 'b', name: 'load', arguments: { table: 'cars' } },
          { id: 'c', name: 'admin', arguments: {} },
        ];
        return { calls };
      })
      .executor('busy', (_call, n) => {
        if (n < 3) throw new ToolError('BUSY', 'later', true);
        return { text: 'at last' };
      })
      .executor('lies', ({ messages }) => ({ answer: messages.length > 0 ? { n: 1 } : 'one' }))
      .executor('wrong', () => 'nothing that is a step');
  });
  const run = (
    { queue, name, ...node }: { name: string; queue?: string } & Record<string, unknown>,
    more: Partial<AgentSpec> = {},
    options_: { workerWaitSeconds?: number } = {},
  ) => {
    const executor = { task_queue: queue ?? engine().queues.nodes, name };
    const definition = workflow({
      state: { r: {} },
      nodes: [agent('a', 'coded', { output: 'r', ...node })],
      edges: [edge('START > a'), edge('a > END')],
      more: { output: { cel: 'state.r' } },
    });
    return engine().start(definition, {
      ...options_,
      agents: { coded: { executor, ...more } },
      tools: { echo: {}, load: { min_privilege_level: 3 }, admin: { min_privilege_level: 4 } },
    });
  };

  it('take their turns on the queue of their team, and each call of theirs passes the guard', async () => {
    turns.length = 0;
    const started = await run({ name: 'clerk', tools: ['echo', 'load'] });
    const [approval] = await started.pending();
    expect(approval).toMatchObject({ tool: 'load', arguments: { table: 'cars' }, agent_id: 'id-of-coded' });
    expect(approval!.payload_hash).toBe(approvalPayloadHash(approval!));
    await started.decide(approval!, 'approved');
    expect(await started.outcome()).toMatchObject({ status: 'completed', output: { told: 3 } });
    expect(turns).toHaveLength(2);
    expect(turns[0]).toMatchObject({
      ...{ executor: 'clerk', node: 'a', visit: 1, turn: 1, prompt: 'Go.', agent: { name: 'coded' } },
      effect_key: `${started.executionId}/a~1/1`,
    });
    expect(started.recorded.turns[1]?.told).toMatchObject([
      { id: 'a', at: { node: 'a~1~echo', visit: 1 } },
      { id: 'b', at: { node: 'a~1~load', visit: 2 } },
      { id: 'c', error: { code: 'UNKNOWN_TOOL' } },
    ]);
    expect(started.recorded.calls.map(({ tool, agent: by }) => [tool, by?.name, by?.turn])).toEqual([
      ['echo', 'coded', 1],
      ['load', 'coded', 1],
    ]);
    expect(started.recorded.log.filter((line) => /admit|completed a~1#/.test(line))).toEqual([
      ...['admit a~1#1', 'completed a~1#1', 'admit a~1#2', 'completed a~1#2'],
    ]);
  });

  it('are denied what is above their level, and asked nothing about it', async () => {
    const started = await run({ name: 'clerk', tools: ['echo', 'load'] }, { privilege_level: 2 });
    expect(await started.outcome()).toMatchObject({ status: 'completed' });
    expect(started.recorded.paused).toEqual([]);
    expect(started.recorded.calls.find(({ tool }) => tool === 'load')).toMatchObject({
      ...{ need: 3, agent: { privilege_level: 2 } },
    });
  });

  it('are tried again as their node says, and fail with what they name', async () => {
    const later = await run({ name: 'busy', ...FAST });
    expect(await later.outcome()).toMatchObject({ status: 'completed', output: 'at last' });
    const never = await run({ name: 'busy', retry: { max_attempts: 2, initial_interval_ms: 1 } });
    expect(await never.outcome()).toMatchObject({ error: { code: 'BUSY', node: 'a', attempts: 2 } });
    expect(never.recorded.log).toContain('failed a~1#1');
  });

  it('are told once that their answer does not fit, and fail where they have none', async () => {
    const schema = { response_schema: { type: 'object', required: ['n'] } };
    expect(await (await run({ name: 'lies', ...schema })).outcome()).toMatchObject({ output: { n: 1 } });
    expect(await (await run({ name: 'wrong' })).outcome()).toMatchObject({ error: { code: 'INVALID_RESULT' } });
    expect(await (await run({ name: 'nobody' })).outcome()).toMatchObject({ error: { code: 'UNKNOWN_EXECUTOR' } });
  });

  it('fail where no worker of theirs takes the turn in time', async () => {
    const nobody = await run({ name: 'clerk', queue: 'nobody-listens-here' }, {}, { workerWaitSeconds: 1 });
    expect(await nobody.outcome()).toMatchObject({ error: { code: 'NO_WORKER', node: 'a' } });
  });
});
