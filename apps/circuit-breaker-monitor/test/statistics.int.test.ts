import { randomUUID } from 'node:crypto';
import type { DomainEvent, EventType, JsonObject } from '@aumos/agf-domain';
import { EventPublisher } from '@aumos/agf-events';
import { AgentsRepository, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ListeningMonitor, startMonitor } from './support/listening-monitor.js';
import { TenantBreakers } from './support/tenant-breakers.js';

const AT = new Date().toISOString();

/** Events through the outbox and Kafka, as the apps write them. */
describe('statistics', () => {
  let monitor: ListeningMonitor;
  let tenant: TenantBreakers;
  let agent: string;
  const workflows = { plain: '', ofAgent: '' };
  beforeAll(async () => {
    monitor = await startMonitor({}, { consumes: true });
    tenant = new TenantBreakers(monitor);
    const { app } = monitor;
    await app.get(TenantDb).run(tenant.id, async () => {
      agent = (await app.get(AgentsRepository).create({ name: 'writer', privilege_level: 1, created_by: 'dev' }))!.id;
      workflows.plain = await publish('plain');
      workflows.ofAgent = await publish('of the agent', agent);
    });
    await happen();
  }, 120_000);
  afterAll(() => monitor.close(), 60_000);

  async function publish(name: string, agent_id?: string): Promise<string> {
    const definition = { schema: 'agf/workflow/v1' as const, name, nodes: [], edges: [] };
    const workflow = { name, created_by: 'dev', ...(agent_id === undefined ? {} : { agent_id }) };
    const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
    const made = await monitor.app.get(DefinitionsRepository).createWithVersion(workflow, version);
    return made!.workflow.id;
  }

  const event = (event_type: EventType, aggregate: string, data: JsonObject): DomainEvent => ({
    ...{ event_id: randomUUID(), event_type, tenant_id: tenant.id, aggregate_id: aggregate, data, occurred_at: AT },
    ...{ aggregate_type: event_type.startsWith('agf.agent') ? 'agent' : 'execution' },
    ...{ actor_id: 'dev', correlation_id: aggregate },
  });

  /** An execution that began and ended. */
  function execution(workflow_id: string, code: string | null, duration_ms: number): DomainEvent[] {
    const execution_id = randomUUID();
    const of = { execution_id, workflow_id, workflow_name: 'w', workflow_version: 1 };
    const times = { started_at: AT, completed_at: AT, duration_ms };
    const ended =
      code === null
        ? event('agf.workflow.completed', execution_id, { ...of, ...times })
        : event('agf.workflow.failed', execution_id, { ...of, ...times, code, message: 'm' });
    return [event('agf.workflow.started', execution_id, { ...of, initiator: 'dev', started_at: AT }), ended];
  }

  async function happen(): Promise<void> {
    const paused = {
      execution_id: randomUUID(),
      workflow_id: workflows.plain,
      approval_id: randomUUID(),
      gate_name: 'g',
    };
    const events = [
      ...Array.from({ length: 6 }, (_, i) => execution(workflows.plain, null, 100 * (i + 1))).flat(),
      ...execution(workflows.plain, 'TOOL_FAILED', 10_000),
      ...execution(workflows.plain, 'TOOL_FAILED', 10_000),
      ...execution(workflows.plain, 'EXECUTION_TIMEOUT', 10_000),
      ...execution(workflows.plain, 'CANCELLED', 5),
      ...execution(workflows.ofAgent, 'TOOL_FAILED', 50),
      event('agf.workflow.paused_hitl', paused.execution_id, { ...paused, node: 'n' }),
      event('agf.agent.invoked', agent, { agent_id: agent, privilege_level: 1 }),
      event('agf.agent.invoked', agent, { agent_id: agent, privilege_level: 1 }),
    ];
    const { app } = monitor;
    for (const each of events) await app.get(TenantDb).run(tenant.id, () => app.get(EventPublisher).publish(each));
    await eventually(
      async () => {
        const { started, paused: paused_, invoked } = (await get('/statistics')).body;
        const ofAgent = (await get(`/agent:${agent}/statistics`)).body;
        return started === 11 && paused_ === 1 && ofAgent.invoked === 2 && ofAgent.failed === 1 && invoked === 0;
      },
      'the events to be counted',
      { timeoutMs: 60_000 },
    );
  }

  const get = (path: string, of = tenant.id) => monitor.call(of, 'GET', path);

  it('of a workflow tell how it does, why it fails and how long it takes', async () => {
    await eventually(async () => (await get(`/workflow:${workflows.plain}/statistics`)).body.cancelled === 1, 'all');
    const { body } = await get(`/workflow:${workflows.plain}/statistics`);
    expect(body).toMatchObject({
      ...{ started: 10, completed: 6, failed: 3, cancelled: 1, paused: 1, invoked: 0, per_hour: 10 / 24 },
      failure_kinds: [
        { code: 'TOOL_FAILED', count: 2 },
        { code: 'EXECUTION_TIMEOUT', count: 1 },
      ],
    });
    expect(body.failure_rate).toBeCloseTo(1 / 3);
    // Of 5, 100…600, three times 10 000: the fifth, and the tenth.
    expect(Math.abs(body.p50_ms - 400)).toBeLessThanOrEqual(11);
    expect(Math.abs(body.p99_ms - 10_000)).toBeLessThanOrEqual(251);
  });

  it('of an agent tell of what its invocations ran', async () => {
    expect((await get(`/agent:${agent}/statistics`)).body).toMatchObject({
      ...{ invoked: 2, started: 1, failed: 1, failure_rate: 1, failure_kinds: [{ code: 'TOOL_FAILED', count: 1 }] },
    });
  });

  it('of the tenant count each execution once, and name who fails most', async () => {
    const { body } = await get('/statistics?hours=1');
    expect(body).toMatchObject({ started: 11, completed: 6, failed: 4, cancelled: 1 });
    expect((body.subjects as { name: string; failed: number }[]).map(({ name, failed }) => [name, failed])).toEqual([
      ['plain', 3],
      ['writer', 1],
      ['of the agent', 1],
    ]);
  });

  it('of breakers tell how long they were open, and took to recover', async () => {
    await tenant.open('tool:a', 0.3);
    await eventually(() => tenant.call('tool:a', 'success'), 'the probe');
    await eventually(async () => (await tenant.rows()).length === 3, 'the history');
    const { breakers } = (await get('/tool:a/statistics')).body as { breakers: Record<string, number> };
    expect(breakers).toMatchObject({ opened: 1, recovered: 1 });
    expect(breakers['open_seconds']).toBeGreaterThanOrEqual(0.3);
    expect(breakers['mean_time_to_recover_seconds']).toBeGreaterThanOrEqual(breakers['open_seconds']!);
  });

  it('tell another tenant nothing', async () => {
    const other = randomUUID();
    expect((await get('/statistics', other)).body).toMatchObject({ started: 0, subjects: [], breakers: { opened: 0 } });
    for (const path of [`/workflow:${workflows.plain}/statistics`, `/agent:${agent}/statistics`])
      expect((await get(path, other)).status).toBe(404);
  });

  it.each(['hours=0', 'hours=745', 'hours=x', 'days=1'])('refuse %s', async (query) => {
    const { status, body } = await get(`/statistics?${query}`);
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
  });
});
