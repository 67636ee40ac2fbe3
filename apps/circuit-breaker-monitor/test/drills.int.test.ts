import { randomUUID } from 'node:crypto';
import {
  AuditRepository,
  BreakersRepository,
  DefinitionsRepository,
  DrillsRepository,
  ExecutionsRepository,
  TenantDb,
  TracesRepository,
} from '@aumos/agf-persistence';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, type ListeningMonitor, startMonitor } from './support/listening-monitor.js';

const [sandbox, second, plain] = [randomUUID(), randomUUID(), randomUUID()];
const ENV = { AUMOS_AGF_SANDBOX_TENANTS: `${sandbox},${second}` };
const TOOL = 'csv_profile';

let monitor: ListeningMonitor;
beforeAll(async () => {
  monitor = await startMonitor(ENV);
}, 120_000);
afterAll(() => monitor.close());

const start = (body: object, of = sandbox, roles?: string[]): Promise<Answer> =>
  monitor.call(of, 'POST', '/drills', { body, ...(roles ? { claims: { realm_access: { roles } } } : {}) });
const get = (id: string, of = sandbox): Promise<Answer> => monitor.call(of, 'GET', `/drills/${id}`);
const inTenant = <T>(of: string, work: () => Promise<T>): Promise<T> => monitor.app.get(TenantDb).run(of, work);
const completed = (id: string): Promise<{ report: Record<string, unknown> }> =>
  eventually(
    async () => {
      const body = (await get(id)).body as { status: string; report: Record<string, unknown> };
      return body.status === 'completed' ? body : undefined;
    },
    'the drill to be completed',
    { timeoutMs: 25_000, everyMs: 200 },
  );

/** @returns an execution of the tenant that ended so */
async function execution(of: string, status: 'completed' | 'failed'): Promise<string> {
  const [definitions, executions] = [monitor.app.get(DefinitionsRepository), monitor.app.get(ExecutionsRepository)];
  const name = `flow-${randomUUID()}`;
  const definition = { schema: 'agf/workflow/v1' as const, name, nodes: [], edges: [] };
  const version = { definition, content_hash: 'h', warnings: [], published_by: 'dev' };
  const made = await inTenant(of, () => definitions.createWithVersion({ name, created_by: 'dev' }, version));
  const id = randomUUID();
  const row = { id, workflow_id: made!.workflow.id, workflow_version: 1, input_data: null, initiator: 'dev' };
  const more = { temporal_workflow_id: id, initiator_level: 5, initiator_roles: [], correlation_id: id } as const;
  await executions.accept(of, { ...row, ...more }, { defaultLimit: 1_000 });
  await inTenant(of, async () => {
    await executions.markRunning(id);
    await executions.finish(id, { status });
  });
  return id;
}

describe('a drill', () => {
  it('is refused in a tenant that is no sandbox, and leaves nothing', async () => {
    const { status, body } = await start({ tool: TOOL, seconds: 1 }, plain);
    expect([status, body.code]).toEqual([403, 'NOT_A_SANDBOX']);
    expect((await monitor.call(plain, 'GET', '/drills')).body.total).toBe(0);
  });

  it('is for those who make workflows', async () => {
    expect((await start({ tool: TOOL, seconds: 1 }, sandbox, ['viewer'])).status).toBe(403);
  });

  it.each([
    ['of no tool', { tool: 'nobody_has_it', seconds: 1 }, 'tool'],
    ['of a handler', { tool: 'function.x', seconds: 1 }, 'tool'],
    ['without end', { tool: TOOL, seconds: 3_601 }, 'seconds'],
    ['of no time', { tool: TOOL, seconds: 0 }, 'seconds'],
    ['that is watched for ever', { tool: TOOL, seconds: 1, recovery_seconds: 1e9 }, 'recovery_seconds'],
  ])('%s is refused, and the answer says why', async (_, body, field) => {
    const refused = await start(body);
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(refused.body.details.fields).toMatchObject([{ field }]);
  });

  it('ends by itself and tells what it measured', async () => {
    const started = await start({ tool: TOOL, seconds: 2, recovery_seconds: 30 });
    expect([started.status, started.body.status, started.body.report]).toEqual([201, 'running', null]);
    const { id } = started.body as { id: string };
    const [contained, failed] = [await execution(sandbox, 'completed'), await execution(sandbox, 'failed')];
    const [drills, traces] = [monitor.app.get(DrillsRepository), monitor.app.get(TracesRepository)];
    const breakers = monitor.app.get(BreakersRepository);
    const call = (execution_id: string, of: object) =>
      traces.add({ execution_id, started_at: new Date(), ...of } as Parameters<typeof traces.add>[0]);
    await inTenant(sandbox, async () => {
      expect(await drills.strike('another')).toBeNull();
      for (const each of [contained, failed, failed]) {
        expect(await drills.strike(TOOL)).toBe(id);
        await call(each, { kind: 'tool', name: TOOL, attributes: { drill_id: id } });
      }
      await call(contained, { kind: 'breaker', name: `tool:${TOOL}` });
      await call(contained, { kind: 'breaker', name: `tool:${TOOL}.example.com` });
      for (const other of ['tool:another', `tool:${TOOL}_2`]) await call(contained, { kind: 'breaker', name: other });
      const epoch = Date.now();
      const key = `tool:${TOOL}` as const;
      const common = { tenant_id: sandbox, key, failure_count: 3, counts: { failures: 3, calls: 3, slow: 0 } };
      for (const [i, [from, to, reason]] of (
        [
          ['closed', 'open', 'failure_threshold'],
          ['open', 'half_open', 'reset_timeout'],
          ['half_open', 'closed', 'probe_succeeded'],
        ] as const
      ).entries())
        await breakers.recordTransition({
          ...{ ...common, from, to, reason, epoch: epoch + i, until: null },
          ...{ at: new Date(epoch + i * 1_500).toISOString(), stream_id: `${String(epoch + i)}-0` },
        });
    });
    const { report } = await completed(id);
    expect(report).toMatchObject({
      calls_failed: 3,
      calls_refused: 2,
      opened_after_ms: expect.any(Number),
      recovered_after_ms: expect.any(Number),
      executions: { failed: 1, contained: 1, cancelled: 0, under_way: 0 },
      breakers: [{ circuit_key: `tool:${TOOL}`, times_opened: 1, closed_at: expect.any(String) }],
    });
    expect(await inTenant(sandbox, () => drills.strike(TOOL))).toBeNull();
    const audit = await inTenant(sandbox, () => monitor.app.get(AuditRepository).list({ action: 'drill.start' }));
    expect(audit.items).toMatchObject([{ resource_id: id, outcome: 'allowed', details: { tool: TOOL, seconds: 2 } }]);
  });

  it("reaches nothing of another tenant's, sandbox or not", async () => {
    const { body } = await start({ tool: TOOL, seconds: 30 }, second);
    const drills = monitor.app.get(DrillsRepository);
    for (const other of [sandbox, plain]) {
      expect((await get(body.id as string, other)).status).toBe(404);
      expect(await inTenant(other, () => drills.strike(TOOL))).toBeNull();
      expect(await inTenant(other, () => drills.complete(body.id as string, {} as never))).toBe(false);
    }
    expect((await get(body.id as string, second)).body).toMatchObject({ status: 'running', report: null });
  });

  it('is the only one of its tool until it is completed', async () => {
    const again = await start({ tool: TOOL, seconds: 1 }, second);
    expect([again.status, again.body.code]).toEqual([409, 'CONFLICT']);
    expect((await start({ tool: 'table_load', seconds: 1 }, second)).status).toBe(201);
  });
});
