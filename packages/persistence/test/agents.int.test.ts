import { describe, expect, it } from '@jest/globals';
import { AgentsRepository, agentSpecOf } from '../src/index.js';
import { tenantA, useDatabase } from './support/database.js';

const AGENT = { privilege_level: 2, created_by: 'dev' } as const;

describe('agents', () => {
  const database = useDatabase();
  const tenant = tenantA();
  const within = <T>(body: (agents: AgentsRepository) => Promise<T>): Promise<T> =>
    database.db.run(tenant, () => body(new AgentsRepository(database.db)));

  it('are found by what a definition calls them: a name, or an id', async () => {
    const made = await within((agents) => agents.create({ ...AGENT, name: 'Data clerk' }));
    const id = made!.id;
    // A name that reads as somebody's id.
    const other = await within((agents) => agents.create({ ...AGENT, name: id }));
    const found = await within((agents) => agents.called(['Data clerk', id, 'nobody']));
    expect([...found].map(([name, row]) => [name, row.id])).toEqual([
      ['Data clerk', id],
      [id, other!.id],
    ]);
    expect(await within((agents) => agents.called([]))).toEqual(new Map());
  });

  it('have a name once', async () => {
    const twice = () => within((agents) => agents.create({ ...AGENT, name: 'once' }));
    const made = await Promise.all([twice(), twice(), twice()]);
    expect(made.filter((row) => row !== null)).toHaveLength(1);
  });

  it('are listed by status and capability', async () => {
    await within((agents) => agents.create({ ...AGENT, name: 'sql', capabilities: { sql: true } }));
    await within((agents) => agents.create({ ...AGENT, name: 'csv', capabilities: { csv: {} } }));
    const names = async (query: Parameters<AgentsRepository['list']>[0]) =>
      (await within((agents) => agents.list(query))).items.map(({ name }) => name);
    expect(await names({ capability: 'csv' })).toEqual(['csv']);
    expect(await names({ capability: 'csv', status: 'suspended' })).toEqual([]);
    expect(await names({ capability: "'; drop" })).toEqual([]);
    expect(await names({ sort_by: 'name', sort_order: 'asc', page_size: 1, status: 'active' })).toHaveLength(1);
  });

  it('may call what is enabled, within their limits', async () => {
    const row = await within((agents) =>
      agents.create({
        ...AGENT,
        name: 'limited',
        tool_access: { a: { enabled: true }, b: { enabled: false }, c: {}, d: 'yes', e: true, f: null },
        resource_limits: { max_turns: 3, max_tokens: 'many', other: 1 },
      }),
    );
    expect(agentSpecOf(row!)).toEqual({
      ...{ id: row!.id, name: 'limited', version: 1, instructions: '', model: null, privilege_level: 2 },
      ...{ tools: ['a', 'c', 'e'], limits: { max_turns: 3 } },
    });
  });
});
