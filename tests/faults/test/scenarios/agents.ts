import { setTimeout as sleep } from 'node:timers/promises';
import { completed, type Definition, OPEN_GATE, publish, start, unique, upload } from '@aumos/agf-test-support';
import { eventually, type ModelRequest } from '@aumos/agf-testing';
import { expect, it } from '@jest/globals';
import { as, models, system, world } from '../system.js';

const TURNS = 10;
const ROWS = 2;
/** Long enough for a kill to meet some turns while they are under way. */
const THINKS_MS = 150;

/** Tool calls that the model has been told the result of. */
const told = ({ body }: ModelRequest): number => body.messages.filter(({ role }) => role === 'tool').length;

export function agents(): void {
  it('whose worker is killed again and again asks for no turn that ended and makes no call twice', async () => {
    const [developer, table, name] = [await as('acme-developer'), unique('open_agent'), unique('agent')];
    const source = await upload(developer, 'a,b\n1,2\n3,4\n');
    models().says(async (request) => {
      await sleep(THINKS_MS);
      if (told(request) >= 2 * TURNS) return { text: 'done' };
      return {
        calls: [
          { id: 'p', name: 'csv_profile', arguments: { source } },
          { id: 'l', name: 'table_load', arguments: { source, table } },
        ],
      };
    });
    const tool_access = { csv_profile: { enabled: true }, table_load: { enabled: true } };
    await developer.must(201, developer.post('/agents', { name, privilege_level: 3, tool_access, model: 'small' }));
    const loading: Definition = {
      ...{ schema: 'agf/workflow/v1', name: unique('loading'), state: { said: {} }, output: { cel: 'state.said' } },
      nodes: [{ id: 'ask', type: 'agent', agent: name, prompt: 'Load.', gate: 'open', max_turns: 50, output: 'said' }],
      edges: [
        { source: 'START', target: 'ask' },
        { source: 'ask', target: 'END' },
      ],
      hitl_gates: { open: OPEN_GATE },
    };
    const id = await start(developer, await publish(developer, loading), {});
    const kills = [3, 7];
    for (const after of kills) {
      const asked = () => models().requests.some((request) => told(request) >= 2 * after);
      await eventually(asked, `turn ${String(after)}`, { timeoutMs: 60_000 });
      system().kill('execution-worker');
      await system().stopPart('execution-worker');
      await system().startPart('execution-worker');
    }
    expect((await completed(developer, id)).output_data).toBe('done');
    const turns = models().requests.map(told);
    expect([...new Set(turns)]).toEqual(Array.from({ length: TURNS + 1 }, (_, turn) => 2 * turn));
    // Once more only the turn that was under way, at each kill.
    expect(turns.length).toBeLessThanOrEqual(TURNS + 1 + kills.length);
    expect(await world().count('acme', table)).toBe(TURNS * ROWS);
    const calls = await world().rows(
      `select type from agf_node_visits where execution_id = $1 and type in ('model', 'tool')`,
      [id],
    );
    expect(calls).toHaveLength(TURNS + 1 + 2 * TURNS);
  });
}
