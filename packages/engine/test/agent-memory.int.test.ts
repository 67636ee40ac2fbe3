import { describe, expect, it } from '@jest/globals';
import { agent, edge, workflow } from './support/definitions.js';
import { CACHING, useEngine } from './support/engine-harness.js';

describe.each(CACHING)('memory of agent nodes, %s', (_, options) => {
  const engine = useEngine(options, (made) => {
    made
      .tool('echo', (args) => args)
      .model('ann', ({ visit }) =>
        visit === 1 ? { calls: [{ id: '1', name: 'echo', arguments: {} }] } : { text: 'I am Ann.' },
      )
      .model('bob', () => ({ text: 'I am Bob.' }))
      .model('mute', () => ({ finish: 'refused', text: 'no' }));
  });
  const chain = (...nodes: ReturnType<typeof agent>[]) =>
    workflow({
      state: { r: {} },
      nodes,
      edges: [
        edge(`START > ${nodes[0]!.id}`),
        ...nodes.slice(1).map(({ id }, i) => edge(`${nodes[i]!.id} > ${id}`)),
        edge(`${nodes.at(-1)!.id} > END`),
      ],
    });
  const TOOLS = { tools: { echo: {} } };

  it('is read before the first turn and kept once, when the agent has answered', async () => {
    const { run, status } = await engine().execute(chain(agent('a', 'ann', { memory: 'private', output: 'r' })), TOOLS);
    expect(status).toBe('completed');
    const memory = { kind: 'private', session: 'default' };
    expect(run.recorded.turns).toMatchObject([{ memory }, { memory }]);
    expect(run.recorded.remembered).toMatchObject([
      { node: 'a', visit: 1, agent: { id: 'id-of-ann', name: 'ann' }, memory, prompt: 'Go.', answer: 'I am Ann.' },
    ]);
    expect(run.recorded.log.slice(-3)).toEqual(['remember a#1', 'completed a#1', 'outcome completed']);
  });

  it('is shared by the agents of the execution, and nobody else', async () => {
    const { run } = await engine().execute(
      chain(agent('a', 'ann', { memory: 'shared' }), agent('b', 'bob', { memory: 'shared' }), agent('c', 'bob')),
      TOOLS,
    );
    const memory = { kind: 'shared', execution_id: run.executionId, agents: ['id-of-ann', 'id-of-bob'] };
    expect(run.recorded.remembered).toMatchObject([
      { node: 'a', memory },
      { node: 'b', memory },
    ]);
    expect(run.recorded.turns.at(-1)).not.toHaveProperty('memory');
  });

  it('is tried again while it is away; what an agent did not answer is not kept', async () => {
    engine().activities.failRemembering = 2;
    const kept = await engine().execute(chain(agent('a', 'bob', { memory: 'private' })), TOOLS);
    expect(kept).toMatchObject({ status: 'completed' });
    expect(kept.run.recorded.remembered).toHaveLength(1);
    const refused = await engine().execute(chain(agent('a', 'mute', { memory: 'private' })), TOOLS);
    expect(refused).toMatchObject({ error: { code: 'MODEL_REFUSED' } });
    expect(refused.run.recorded.remembered).toEqual([]);
  });
});
