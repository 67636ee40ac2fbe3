import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '@aumos/agf-domain';
import { SimulationThreads } from '@aumos/agf-engine/simulate';
import {
  ApprovalsRepository,
  CommandsRepository,
  ExecutionsRepository,
  RecordingsRepository,
  TenantDb,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { ComparisonLimits } from '../src/definitions/compare/comparison-limits.js';
import { type Answer, type CallOptions, type Gateway, startGateway } from './support/gateway.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
}, 120_000);
afterAll(() => gateway.close());

const SOURCE = `artifact:${randomUUID()}`;
const definition = (name: string, source: unknown = { cel: 'input.source' }, level = 1): object => ({
  schema: 'agf/workflow/v1',
  name,
  state: { profile: {}, got: {} },
  nodes: [
    {
      id: 'profile',
      type: 'tool',
      tool: 'csv_profile',
      arguments: { source },
      output: 'profile',
      privilege_level: level,
    },
    { id: 'w', type: 'wait', signal: 'go', output: 'got' },
    { id: 'g', type: 'gate', gate: 'g', payload: { cel: 'state.got' } },
  ],
  edges: [
    { source: 'START', target: 'profile' },
    { source: 'profile', target: 'w' },
    { source: 'w', target: 'g' },
    { source: 'g', target: 'END' },
  ],
  hitl_gates: { g: { gate_name: 'g' } },
  output: { cel: '{"profile": state.profile, "got": state.got}' },
});

/** What `csv_profile` would tell. */
const PROFILE = { source: SOURCE, rows: 2, columns: [], issues: [], truncated: false };

async function publish(): Promise<{ id: string; name: string }> {
  const name = `flow-${randomUUID()}`;
  const { status, body } = await gateway.call('POST', '/workflows', { name, graph_definition: definition(name) });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { id: (body as { id: string }).id, name };
}

/** An execution that ended, as its worker would leave it: a call, a signal, an approval. */
async function anExecution(workflow: string, status: 'completed' | 'cancelled' = 'completed'): Promise<string> {
  const started = await gateway.call('POST', `/workflows/${workflow}/execute`, { input_data: { source: SOURCE } });
  const { id } = started.body as { id: string };
  const get = gateway.app.get.bind(gateway.app);
  const approval_id = randomUUID();
  const at = (second: number): { started_at: string; completed_at: string } => ({
    started_at: `2026-01-02T03:04:0${String(second)}Z`,
    completed_at: `2026-01-02T03:04:0${String(second + 1)}Z`,
  });
  const visit = { execution_id: id, visit: 1, item: null, status: 'completed' as const, error: null };
  await get(TenantDb).run(gateway.tenant, async () => {
    await get(ExecutionsRepository).markRunning(id);
    await get(CommandsRepository).signal(id, { name: 'go', payload: { n: 1 }, takers: ['w'] }, 'dev');
    await get(ApprovalsRepository).open({
      ...{ approval_id, execution_id: id, workflow_id: workflow, node: 'g', visit: 1, gate_name: 'g' },
      ...{ tool: null, tool_version: null, arguments: { n: 1 }, action_description: 'go on', privilege_level: 1 },
      ...{ approvals_required: 1, payload_hash: 'h', requested_by: 'dev', escalation_policy: 'notify_admin' },
      ...{
        expires_at: '2027-01-01T00:00:00Z',
        auto_reject_on_timeout: false,
        temporal_workflow_id: `t/${approval_id}`,
      },
    });
    await get(ApprovalsRepository).decide({ approval_id, actor: 'boss', decision: 'approve', notes: null } as never);
    await get(VisitsRepository).recordEnded([
      { ...visit, ...at(1), node: 'profile', type: 'tool', step: 1, input: { source: SOURCE }, output: PROFILE },
      { ...visit, ...at(2), node: 'w', type: 'wait', step: 2, input: null, output: { n: 1 } },
      { ...visit, ...at(3), node: 'g', type: 'gate', step: 3, input: { n: 1 }, output: { approval_id } },
    ]);
    await get(ExecutionsRepository).finish(
      id,
      status === 'completed'
        ? { status, output: { profile: PROFILE, got: { n: 1 } } }
        : { status, error: { code: 'CANCELLED', message: '', node: null, visit: null, attempts: 0, details: {} } },
    );
  });
  return id;
}

function aGate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

const compare = (id: string, body?: object, options?: CallOptions): Promise<Answer> =>
  gateway.call('POST', `/workflows/${id}/compare`, body, options);

describe('executions on another version', () => {
  it('are the same on their own one', async () => {
    const { id } = await publish();
    const execution = await anExecution(id);
    const { status, body } = await compare(id);
    expect([status, body]).toMatchObject([
      200,
      { same: true, compared: [{ execution_id: execution, version: 1, same: true }], not_compared: [] },
    ]);
  });

  it('would call with other arguments, and ask somebody', async () => {
    const { id, name } = await publish();
    const execution = await anExecution(id);
    const other = `artifact:${randomUUID()}`;
    const { status, body } = await compare(id, {
      graph_definition: definition(name, other, 3),
      execution_ids: [execution],
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      same: false,
      compared: [
        {
          nodes: [],
          calls: [{ node: 'profile', kind: 'arguments', before: { source: SOURCE }, after: { source: other } }],
          approvals: [{ node: 'profile', kind: 'added', asked: { tool: 'csv_profile', privilege_level: 3 } }],
          outcome: { status: null, error: null, output: null },
          missing_signals: [],
        },
      ],
    });
  });

  it('are left out where nothing can be compared', async () => {
    const { id } = await publish();
    const cancelled = await anExecution(id, 'cancelled');
    expect((await compare(id, { execution_ids: [cancelled] })).body).toMatchObject({
      compared: [],
      not_compared: [{ execution_id: cancelled, reason: 'cancelled' }],
    });
    expect((await compare(id)).body).toMatchObject({ compared: [], not_compared: [] });
  });

  it('are their own workflow and tenant alone, for those who may develop', async () => {
    const [mine, other] = [await publish(), await publish()];
    const execution = await anExecution(mine.id);
    const ids = { execution_ids: [execution] };
    expect((await compare(other.id, ids)).status).toBe(404);
    const foreign = { claims: { tenant_id: randomUUID() } };
    expect((await compare(mine.id, ids, foreign)).status).toBe(404);
    expect((await compare(randomUUID(), ids)).status).toBe(404);
    expect((await compare(mine.id, { execution_ids: [randomUUID()] })).status).toBe(404);
    expect((await compare(mine.id, ids, { claims: { realm_access: { roles: ['operator'] } } })).status).toBe(403);
    // Another tenant's own workflow does not reach the execution either.
    const theirs = await gateway.call(
      'POST',
      '/workflows',
      { name: mine.name, graph_definition: definition(mine.name) },
      foreign,
    );
    expect((await compare((theirs.body as { id: string }).id, ids, foreign)).status).toBe(404);
  });

  it('are refused with what cannot be', async () => {
    const { id, name } = await publish();
    const both = { graph_definition: definition(name), version: 1 };
    expect((await compare(id, both)).body).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect((await compare(id, { graph_definition: {} })).body).toMatchObject({ code: 'INVALID_DEFINITION' });
    expect((await compare(id, { version: 7 })).status).toBe(404);
    expect((await compare(id, { newest: 21 })).status).toBe(400);
    expect((await compare(id, { execution_ids: ['x'] })).status).toBe(400);
  });
});

describe('what a comparison may take', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    Object.assign(gateway.app.get(ComparisonLimits), new ComparisonLimits());
  });
  const limits = (over: Partial<ComparisonLimits>): void => {
    Object.assign(gateway.app.get(ComparisonLimits), over);
  };
  const record = (execution_id: string, output: Json): Promise<unknown> => {
    const times = { started_at: '2026-01-02T03:04:05Z', completed_at: '2026-01-02T03:04:06Z' };
    const ended = { status: 'completed', error: null, input: null, output } as const;
    const visit = { execution_id, node: 'more', visit: 1, item: null, step: 4, type: 'tool', ...ended, ...times };
    return gateway.app.get(TenantDb).run(gateway.tenant, () => gateway.app.get(VisitsRepository).recordEnded([visit]));
  };
  /** Notes what is read and simulated; simulations wait until they are let go. */
  const watched = (): { seen: string[]; begun: Promise<void>; letGo: () => void } => {
    const seen: string[] = [];
    const [begun, gate] = [aGate(), aGate()];
    const recordings = gateway.app.get(RecordingsRepository);
    const { visitsOf } = recordings;
    jest.spyOn(recordings, 'visitsOf').mockImplementation((id) => {
      seen.push('read');
      return visitsOf.call(recordings, id);
    });
    const { simulate } = SimulationThreads.prototype;
    jest.spyOn(SimulationThreads.prototype, 'simulate').mockImplementation(async function (
      this: SimulationThreads,
      ...given
    ) {
      seen.push('simulate');
      begun.open();
      await gate.opened;
      return simulate.apply(this, given);
    });
    return { seen, begun: begun.opened, letGo: gate.open };
  };

  it('is no execution that is too large, however well it is compressed: nothing of it is read', async () => {
    const { id } = await publish();
    const [large, small] = [await anExecution(id), await anExecution(id)];
    await record(large, 'x'.repeat(9 * 1024 * 1024));
    const { seen, letGo } = watched();
    letGo();
    expect((await compare(id)).body).toMatchObject({
      same: true,
      compared: [{ execution_id: small }],
      not_compared: [{ execution_id: large, reason: 'too_long' }],
    });
    expect(seen).toEqual(['read', 'simulate']);
  });

  it('is one execution at a time', async () => {
    const { id } = await publish();
    await anExecution(id);
    await anExecution(id);
    const { seen, letGo } = watched();
    letGo();
    expect((await compare(id)).body).toMatchObject({ same: true, not_compared: [] });
    expect(seen).toEqual(['read', 'simulate', 'read', 'simulate']);
  });

  it('is one request of a tenant at a time', async () => {
    const { id } = await publish();
    await anExecution(id);
    const { begun, letGo } = watched();
    const first = compare(id);
    await begun;
    const second = await compare(id);
    expect([second.status, second.body]).toMatchObject([429, { code: 'RATE_LIMIT_EXCEEDED' }]);
    expect(second.headers.get('retry-after')).toBe('5');
    const other = await compare(id, undefined, { claims: { tenant_id: randomUUID() } });
    expect(other.status).toBe(404);
    letGo();
    expect((await first).status).toBe(200);
    expect((await compare(id)).status).toBe(200);
  });

  it('is so much time, and so long an answer', async () => {
    const { id, name } = await publish();
    const execution = await anExecution(id);
    limits({ requestMs: 0 });
    const late = { compared: [], not_compared: [{ execution_id: execution, reason: 'too_long' }] };
    expect((await compare(id)).body).toMatchObject(late);
    limits({ requestMs: 30_000, answerBytes: 300 });
    expect((await compare(id)).body).toMatchObject({ compared: [{ same: true }], not_compared: [] });
    const other = { graph_definition: definition(name, `artifact:${randomUUID()}`) };
    expect((await compare(id, other)).body).toMatchObject(late);
  });

  it('ends when its caller has gone', async () => {
    const { id } = await publish();
    await anExecution(id);
    await anExecution(id);
    const { seen, begun, letGo } = watched();
    const caller = new AbortController();
    const asked = fetch(`${gateway.url}/api/v1/workflows/${id}/compare`, {
      method: 'POST',
      headers: await gateway.authorization(),
      signal: caller.signal,
    }).catch((error: unknown) => error);
    await begun;
    caller.abort();
    expect(await asked).toMatchObject({ name: 'AbortError' });
    // The socket's end comes to the gateway before the next request does.
    expect((await compare(id)).status).toBe(429);
    letGo();
    let status = 429;
    while (status === 429) ({ status } = await compare(id, { newest: 1 }));
    expect(seen).toEqual(['read', 'simulate', 'read', 'simulate']);
  });
});
