import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type AgentSession } from '../src/index.js';
import { keysOf, refusal, sessions, useRedis } from './support.js';

describe('a shared session', () => {
  const world = useRedis();
  const [a, b, stranger] = ['agent-a', 'agent-b', 'agent-c'];
  const open = (agent: string, id: string, agents = [a, b], tenant = world.tenant): AgentSession =>
    sessions(world.redis).open({ tenant, agent, execution: { id, agents } });

  it('is one for all agents of its execution', async () => {
    const id = randomUUID();
    await open(a, id).set('x', 1);
    await open(b, id).append('log', ['b']);
    expect((await open(b, id).get('x'))!.value).toBe(1);
    expect([...(await open(a, id).entries()).keys()].sort()).toEqual(['log', 'x']);
    expect(await open(a, randomUUID()).get('x')).toBeNull();
  });

  it('does not exist for others', async () => {
    const id = randomUUID();
    await open(a, id).set('x', 1);
    expect(await refusal(() => open(stranger, id))).toMatchObject({ code: 'NOT_FOUND' });
    // Who claims another set of agents is told nothing else.
    const forged = open(stranger, id, [a, b, stranger]);
    for (const call of [
      () => forged.get('x'),
      () => forged.entries(),
      () => forged.set('x', 2),
      () => forged.compareAndSet('x', 2, null),
      () => forged.merge('x', {}),
      () => forged.append('l', [1]),
      () => forged.delete('x'),
    ])
      expect(await refusal(call())).toMatchObject({ code: 'NOT_FOUND' });
    expect(await forged.clear()).toBe(false);
    const all = sessions(world.redis);
    const of = { tenant: world.tenant, agent: stranger };
    expect(await all.info(of, `shared:${id}`)).toBeNull();
    expect(await all.remove(of, `shared:${id}`)).toBe(false);
    expect(await refusal(all.values(of, `shared:${id}`))).toMatchObject({ code: 'NOT_FOUND' });
    // A part of an agent's name is no agent's name.
    expect(await refusal(open('agent', id, ['agent']).get('x'))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await open(a, id, [a, b], world.other).get('x')).toBeNull();
    expect((await open(a, id).get('x'))!.value).toBe(1);
    // Nor is it mixed up with a private one of the same name.
    const own = all.open({ tenant: world.tenant, agent: a, session: id });
    expect(await own.get('x')).toBeNull();
  });

  it('is listed for those who wrote to it, and lasts as long for all', async () => {
    const id = randomUUID();
    const all = sessions(world.redis);
    const listed = async (agent: string): Promise<string[]> => {
      const { items } = await all.list({ tenant: world.tenant, agent }, { page: 1, page_size: 100 });
      return items.map((item) => item.id);
    };
    await open(a, id).set('x', 1);
    expect(await listed(a)).toContain(`shared:${id}`);
    expect(await listed(b)).not.toContain(`shared:${id}`);
    await open(b, id).set('y', 1);
    expect(await listed(b)).toContain(`shared:${id}`);
    const of = (agent: string): string => `{agf:${world.tenant}}:session:of:${agent}`;
    await world.redis.pexpire(`{agf:${world.tenant}}:session:shared:${id}`, 5_000);
    await open(a, id).get('x');
    for (const agent of [a, b])
      expect(Number(await world.redis.zscore(of(agent), `shared:${id}`)) - Date.now()).toBeGreaterThan(590_000);
    expect(await all.info({ tenant: world.tenant, agent: b }, `shared:${id}`)).toMatchObject({
      ...{ id: `shared:${id}`, kind: 'shared', execution_id: id, agents: [a, b], keys: 2 },
    });
    expect(await all.remove({ tenant: world.tenant, agent: a }, `shared:${id}`)).toBe(true);
    expect(await listed(b)).not.toContain(`shared:${id}`);
  });

  it('goes with all sessions of one of its agents, from the lists of the others too', async () => {
    const id = randomUUID();
    const [one, two] = [randomUUID(), randomUUID()];
    await open(one, id, [one, two]).set('x', 1);
    await open(two, id, [one, two]).set('x', 1);
    expect(await sessions(world.redis).removeAll({ tenant: world.tenant, agent: one })).toBe(1);
    expect(
      (await keysOf(world.redis, world.tenant)).filter((key) => [one, two, id].some((x) => key.includes(x))),
    ).toEqual([]);
  });

  it.each([
    [{ tenant: 'a}:session:{b', agent: a, session: 's' }, 'tenant'],
    [{ tenant: 't', agent: 'a:b', session: 's' }, 'agent'],
    [{ tenant: 't', agent: a, session: 'a*' }, 'session'],
    [{ tenant: 't', agent: a, session: '' }, 'session'],
    [{ tenant: 't', agent: a, session: 'x'.repeat(129) }, 'session'],
    [{ tenant: 't', agent: a, session: 'ä' }, 'session'],
    [{ tenant: 't', agent: a, execution: { id: 'a:b', agents: [a] } }, 'execution.id'],
    [{ tenant: 't', agent: a, execution: { id: 'e', agents: [a, `x,${stranger}`] } }, 'execution.agents.1'],
  ])('is not named by %j', async (of, field) => {
    const { code, details } = await refusal(() => sessions(world.redis).open(of));
    expect(code).toBe('VALIDATION_ERROR');
    expect(details.fields!.map((each) => each.field)).toEqual([field]);
  });
});
