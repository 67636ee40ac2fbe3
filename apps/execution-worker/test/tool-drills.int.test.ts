import { randomUUID } from 'node:crypto';
import { createDataSource, DrillsRepository, TenantDb, TracesRepository } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase } from '@aumos/agf-persistence/testing';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ToolDrills } from '../src/tool-call/tool-drills.js';
import { anExecution } from './support/an-execution.js';

const [sandbox, other, plain] = [randomUUID(), randomUUID(), randomUUID()];
const TOOL = 'csv_profile';

let database: FreshDatabase;
let source: Awaited<ReturnType<typeof createDataSource>>;
let db: TenantDb;
let drills: DrillsRepository;
let traces: TracesRepository;
beforeAll(async () => {
  database = await freshDatabase();
  source = await createDataSource(database.appUrl, { applicationName: 'drills-test', poolSize: 4 });
  db = new TenantDb(source);
  [drills, traces] = [new DrillsRepository(db), new TracesRepository(db)];
}, 120_000);
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

const worker = (sandboxTenants: readonly string[] | undefined): ToolDrills =>
  new ToolDrills(db, drills, traces, { sandboxTenants });
const ref = async (tenant_id: string) => ({ tenant_id, execution_id: await anExecution(db, tenant_id) });
const callOf = async (tenant: string, tool = TOOL) =>
  ({ ref: await ref(tenant), node: 'load', visit: 1, tool }) as Parameters<ToolDrills['strike']>[0];
const start = (tenant: string, seconds = 60): Promise<string> =>
  db.run(tenant, async () => {
    const drill = { id: randomUUID(), tool: TOOL, seconds, recovery_seconds: 1, started_by: 'dev' };
    return (await drills.start(drill))!.id;
  });
const failed = (tenant: string, id: string): Promise<number> =>
  db.run(tenant, async () => (await drills.get(id))!.calls_failed);

describe('a tool that a drill makes fail', () => {
  let id: string;
  beforeAll(async () => {
    id = await start(sandbox);
  });

  it('fails as in an outage: worth another attempt, counted, and traced as the drill', async () => {
    const call = await callOf(sandbox);
    const strikes = Array.from({ length: 5 }, () => worker([sandbox]).strike(call));
    const ends = await Promise.allSettled(strikes);
    for (const end of ends)
      expect(end).toMatchObject({
        status: 'rejected',
        reason: { code: 'TOOL_FAILED', retryable: true, fault: 'tool', details: { drill_id: id } },
      });
    expect(await failed(sandbox, id)).toBe(5);
    const { items } = await db.run(sandbox, () => traces.list(call.ref.execution_id));
    expect(items).toHaveLength(5);
    expect(items[0]).toMatchObject({ kind: 'tool', name: TOOL, node: 'load', attributes: { drill_id: id } });
  });

  it('leaves the other tools alone', async () => {
    await worker([sandbox]).strike(await callOf(sandbox, 'table_load'));
    expect(await failed(sandbox, id)).toBe(5);
  });

  it("leaves another tenant's alone, a sandbox too", async () => {
    await worker([sandbox, other]).strike(await callOf(other));
    expect(await failed(sandbox, id)).toBe(5);
  });

  it.each([
    ['a tenant that is not named', [other]],
    ['a process that names none', undefined],
  ])('does not fail in %s, whatever row there is', async (_, tenants) => {
    const row = await start(plain);
    await worker(tenants).strike(await callOf(plain));
    expect(await failed(plain, row)).toBe(0);
    await db.run(plain, () => drills.complete(row, {} as never));
  });

  it('is well again when its time is over, though nobody ends the drill', async () => {
    const row = await start(other, 1);
    const call = await callOf(other);
    await expect(worker([other]).strike(call)).rejects.toThrow('a drill makes csv_profile fail');
    await eventually(
      async () =>
        worker([other])
          .strike(call)
          .then(() => true),
      'the tool to be well again',
      {
        timeoutMs: 5_000,
      },
    );
    const { completed_at, calls_failed } = (await db.run(other, () => drills.get(row)))!;
    expect(completed_at).toBeNull();
    expect(calls_failed).toBeGreaterThan(0);
  });
});
