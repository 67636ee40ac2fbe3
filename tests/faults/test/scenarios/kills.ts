import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TENANTS } from '@aumos/agf-devstack';
import {
  type Answer,
  type Client,
  completed,
  decide,
  type Definition,
  ended,
  EventTap,
  type Execution,
  loadWorkflow,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { beforeAll, expect, it } from '@jest/globals';
import { as, system, world } from '../system.js';

const QUICK: Omit<Definition, 'name'> = {
  schema: 'agf/workflow/v1',
  state: { n: {} },
  nodes: [{ id: 'set', type: 'transform', set: { n: { cel: 'input.n' } } }],
  edges: [
    { source: 'START', target: 'set' },
    { source: 'set', target: 'END' },
  ],
  output: { cel: 'state.n' },
};
let developer: Client;
let approver: Client;
let source: string;

/** An execution that waits for its approval. */
async function waiting(): Promise<{ id: string; approval: string; table: string }> {
  const table = unique('waiting');
  const id = await start(developer, await publish(developer, loadWorkflow({ table })), { source });
  return { id, table, approval: (await pendingApproval(developer, id)).id };
}

async function loaded({ id, table }: { id: string; table: string }): Promise<void> {
  await completed(developer, id);
  expect(await world().count('acme', table)).toBe(2);
}

export function kills(): void {
  beforeAll(async () => {
    [developer, approver] = await Promise.all([as('acme-developer'), as('acme-approver-1')]);
    source = await upload(developer, 'a,b\n1,2\n3,4\n');
  });

  it('of hitl-approval while it waits: the decision counts as soon as it is back', async () => {
    const execution = await waiting();
    system().kill('hitl-approval');
    const decision = await eventually(
      async () => {
        const answer = await decide(approver, execution.approval);
        expect([200, 503]).toContain(answer.status);
        return answer.status === 200 ? answer : undefined;
      },
      'a decision to be taken',
      { timeoutMs: 60_000 },
    );
    expect(decision.body.status).toBe('approved');
    await loaded(execution);
  });

  it('of execution-worker: what is decided meanwhile is done when it is back', async () => {
    const execution = await waiting();
    system().kill('execution-worker');
    await system().stopPart('execution-worker');
    expect((await decide(approver, execution.approval)).status).toBe(200);
    const id = await start(developer, await publish(developer, { ...QUICK, name: unique('quick') }), { n: 7 });
    expect(await world().count('acme', execution.table)).toBe(0);
    await system().startPart('execution-worker');
    await loaded(execution);
    expect((await completed(developer, id)).output_data).toBe(7);
  });

  it('of execution-worker among local functions, again and again: none that ended runs again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-'));
    const file = join(folder, 'ran');
    const visits = 600;
    const loop: Definition = {
      ...{ schema: 'agf/workflow/v1', name: unique('tally'), state: { n: { default: 0 } }, output: { cel: 'state.n' } },
      nodes: [
        {
          ...{ id: 'count', type: 'function', handler: 'tally', placement: 'local', output: 'n' },
          arguments: { file, n: { cel: 'state.n' } },
        },
      ],
      edges: [
        { source: 'START', target: 'count' },
        { source: 'count', target: 'count', condition: `state.n < ${String(visits)}` },
        { source: 'count', target: 'END', otherwise: true },
      ],
    };
    const ran = async (): Promise<string[]> => (await readFile(file, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    const id = await start(developer, await publish(developer, loop), {});
    const kills = [100, 250, 400];
    for (const after of kills) {
      await eventually(async () => (await ran()).length >= after, `${String(after)} visits`, { timeoutMs: 60_000 });
      system().kill('execution-worker');
      await system().stopPart('execution-worker');
      await system().startPart('execution-worker');
    }
    expect((await completed(developer, id)).output_data).toBe(visits);
    const keys = await ran();
    expect(new Set(keys).size).toBe(visits);
    // The one that was under way, at each kill.
    expect(keys.length).toBeLessThanOrEqual(visits + kills.length);
    const rows = await world().rows('select from agf_node_visits where execution_id = $1', [id]);
    expect(rows).toHaveLength(visits);
    await rm(folder, { recursive: true });
  });

  it('of Kafka before the end: the execution ends without it, and every event follows', async () => {
    const execution = await waiting();
    system().kill('kafka');
    await system().stopPart('kafka');
    await decide(approver, execution.approval);
    await loaded(execution);
    const unsent = async (): Promise<number> =>
      (await world().rows('select from agf_outbox where published_at is null')).length;
    expect(await unsent()).toBeGreaterThan(0);
    await system().startPart('kafka');
    await eventually(async () => (await unsent()) === 0, 'every event to be sent', { timeoutMs: 60_000 });
    const tap = await EventTap.open(world().local.kafka);
    try {
      const told = await tap.about(execution.id, (types) => types.includes('agf.workflow.completed'));
      expect(told.map(({ topic }) => topic).sort()).toEqual([
        'agf.hitl.approval_requested',
        'agf.hitl.approved',
        'agf.workflow.completed',
        'agf.workflow.paused_hitl',
        'agf.workflow.started',
      ]);
    } finally {
      await tap.close();
    }
  });

  it('of Redis: starts are taken, and found when their hints are lost', async () => {
    const workflow = await publish(developer, { ...QUICK, name: unique('quick') });
    const load = await publish(developer, loadWorkflow({ table: unique('redis') }));
    system().kill('redis');
    const quick = await start(developer, workflow, { n: 1 });
    const asking = await start(developer, load, { source });
    await system().serves('redis');
    expect((await completed(developer, quick)).output_data).toBe(1);
    await decide(approver, (await pendingApproval(developer, asking)).id);
    await completed(developer, asking);
  });

  it('of api-gateway right after a 202: nothing that was acknowledged is lost, nothing starts twice', async () => {
    const workflow = await publish(developer, { ...QUICK, name: unique('quick') });
    const path = `/workflows/${workflow}/execute`;
    const post = (n: number): Promise<Answer<Execution>> =>
      developer.post<Execution>(path, { input_data: { n } }, { 'idempotency-key': `${workflow}-${String(n)}` });
    let killed = false;
    const first = await Promise.allSettled(
      Array.from({ length: 10 }, async (_, n) => {
        const answer = await post(n);
        if (!killed) system().kill('api-gateway');
        killed = true;
        return answer.body.id;
      }),
    );
    const acknowledged = first.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(acknowledged.length).toBeGreaterThan(0);
    await system().serves('api-gateway');
    const again = await Promise.all(Array.from({ length: 10 }, (_, n) => post(n)));
    expect(again.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const ids = again.map(({ body }) => body.id);
    expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
    const outputs = await Promise.all(ids.map(async (id) => (await completed(developer, id)).output_data));
    expect(outputs).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { total } = (await developer.get<{ total: number }>(`/executions?workflow_id=${workflow}`)).body;
    expect(total).toBe(10);
  });

  it('of circuit-breaker-monitor between a transition and its event: told once all the same', async () => {
    const workflow = await publish(developer, {
      schema: 'agf/workflow/v1',
      name: unique('broken'),
      state: { n: {} },
      nodes: [{ id: 'divide', type: 'transform', set: { n: { cel: '1 / (input.n - input.n)' } } }],
      edges: [
        { source: 'START', target: 'divide' },
        { source: 'divide', target: 'END' },
      ],
      circuit_breaker: { failure_threshold: 1, reset_timeout_seconds: 600 },
    });
    const key = `workflow:${workflow}`;
    const stream = (): Promise<unknown[]> =>
      world().redis.xrange(`{agf:${TENANTS.acme}}:breaker:transitions`, '-', '+');
    // It hangs, so that the transition is there and nobody has read it; then it dies.
    system().kill('circuit-breaker-monitor', 'SIGSTOP');
    const before = (await stream()).length;
    await ended(developer, await start(developer, workflow, { n: 1 }));
    await eventually(async () => (await stream()).length > before, 'the transition');
    expect((await developer.post(`/workflows/${workflow}/execute`, { input_data: { n: 1 } })).status).toBe(503);
    expect(await recorded(key)).toBe(0);
    system().kill('circuit-breaker-monitor');
    await system().serves('circuit-breaker-monitor');
    await eventually(async () => (await recorded(key)) === 1, 'the transition to be recorded');
    const shown = await developer.get<{ state: string }>(`/circuit-breakers/${key}`);
    expect([shown.status, shown.body.state]).toEqual([200, 'open']);
    const events = await world().rows('select event_type from agf_outbox where aggregate_id = $1', [key]);
    expect(events).toEqual([{ event_type: 'agf.circuit_breaker.opened' }]);
  });
}

const recorded = async (key: string): Promise<number> =>
  (await world().rows('select from agf_circuit_breaker_transitions where circuit_key = $1', [key])).length;
