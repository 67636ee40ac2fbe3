import { randomUUID } from 'node:crypto';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Surroundings } from './surroundings/surroundings.js';

const TENANT = randomUUID();
const SECONDS = 3;

interface Drill {
  id: string;
  status: string;
  completed_at: string | null;
  fault_ends_at: string;
  report: object | null;
}

let around: Surroundings;
beforeAll(async () => {
  around = await Surroundings.open({ AUMOS_AGF_SANDBOX_TENANTS: TENANT });
}, 120_000);
afterAll(() => around.close(), 60_000);

async function ask(path: string, body?: object): Promise<Drill> {
  const answer = await fetch(`${around.monitors[0]!.url}/api/v1/circuit-breakers/drills${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${await around.token(TENANT)}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${String(answer.status)} ${await answer.text()}`);
  return (await answer.json()) as Drill;
}

describe('a drill whose monitors are killed in the middle of it', () => {
  it('ends, and reports, once there is one again', async () => {
    const { id } = await ask('', { tool: 'csv_profile', seconds: SECONDS, recovery_seconds: 1 });
    await Promise.all(around.monitors.map((monitor) => monitor.down('SIGKILL')));
    expect((await around.rows.query('select report from agf_breaker_drills where id = $1', [id])).rows).toEqual([
      { report: null },
    ]);
    for (const monitor of around.monitors) monitor.up();
    await around.ready();
    const over = await eventually(
      async () => {
        const now = await ask(`/${id}`);
        return now.status === 'completed' ? now : undefined;
      },
      'the drill to be completed',
      { timeoutMs: 30_000, everyMs: 200 },
    );
    expect(over.report).toMatchObject({ calls_failed: 0, calls_refused: 0, opened_after_ms: null, breakers: [] });
    expect(Date.parse(over.completed_at!)).toBeGreaterThan(Date.parse(over.fault_ends_at));
  }, 120_000);
});
