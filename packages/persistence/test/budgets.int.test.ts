import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DataSource } from 'typeorm';
import { type BudgetLimits, BudgetsRepository, type BudgetTurn, createDataSource, TenantDb } from '../src/index.js';
import { type FreshDatabase, freshDatabase } from '../src/testing/index.js';
import { anExecution } from './support/rows.js';

const DAY = 60;

describe('what models may use', () => {
  let database: FreshDatabase;
  let source: DataSource;
  let db: TenantDb;
  let budgets: BudgetsRepository;
  beforeAll(async () => {
    database = await freshDatabase();
    source = await createDataSource(database.appUrl, { applicationName: 'budgets', poolSize: 10 });
    db = new TenantDb(source);
    budgets = new BudgetsRepository(db);
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  /** Turns of one execution. */
  async function turns(tenant: string, more: Partial<BudgetTurn> = {}): Promise<(visit: number) => BudgetTurn> {
    const execution_id = more.execution_id ?? (await anExecution(db, tenant));
    const agent_id = randomUUID();
    return (visit) => ({ execution_id, node: 'a~1', visit, agent_id, root_execution_id: execution_id, ...more });
  }
  const hold = (tenant: string, turn: BudgetTurn, tokens: number, limits: BudgetLimits, seconds = DAY) =>
    db.run(tenant, () => budgets.reserve(turn, { tokens, cost_micros: 10 * tokens }, limits, seconds));
  const settle = (tenant: string, turn: BudgetTurn, tokens: number) =>
    db.run(tenant, () => budgets.settle(turn, { tokens, cost_micros: 10 * tokens }));

  it.each<[string, BudgetLimits, string, number]>([
    ['tenant', { tenant: { tokens: 100 } }, 'tokens', 100],
    ['agent', { agent: { tokens: 100 } }, 'tokens', 100],
    ['execution', { execution: { tokens: 100 } }, 'tokens', 100],
    ['execution', { execution: { cost_micros: 1_000 } }, 'cost_micros', 1_000],
  ])('is held before it is used, by %s', async (scope, limits, unit, limit) => {
    const tenant = randomUUID();
    const turn = await turns(tenant);
    expect(await hold(tenant, turn(1), 60, limits)).toBeNull();
    const used = unit === 'tokens' ? 60 : 600;
    expect(await hold(tenant, turn(2), 50, limits)).toEqual({ scope, unit, limit, used });
    // What was not used is free again; what was, is not.
    await settle(tenant, turn(1), 20);
    expect(await hold(tenant, turn(2), 80, limits)).toBeNull();
    await db.run(tenant, () => budgets.release(turn(2)));
    expect(await hold(tenant, turn(3), 80, limits)).toBeNull();
    expect(await hold(tenant, turn(4), 1, limits)).toMatchObject({ scope });
  });

  it('is not held twice by a turn that is tried again, nor for ever by one that is gone', async () => {
    const tenant = randomUUID();
    const [turn, limits] = [await turns(tenant), { tenant: { tokens: 100 } }];
    for (let attempt = 0; attempt < 3; attempt++) expect(await hold(tenant, turn(1), 80, limits, 0.05)).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await hold(tenant, turn(2), 80, limits)).toBeNull();
  });

  it('of fifty at once is what fits, and no more', async () => {
    const tenant = randomUUID();
    const [turn, limits] = [await turns(tenant), { tenant: { tokens: 100 }, execution: { tokens: 1_000 } }];
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => hold(tenant, turn(i + 1), 10, limits)));
    expect(answers.filter((answer) => answer === null)).toHaveLength(10);
    const settled = answers.flatMap((answer, i) => (answer === null ? [settle(tenant, turn(i + 1), 7)] : []));
    await Promise.all(settled);
    const again = await Promise.all(Array.from({ length: 50 }, (_, i) => hold(tenant, turn(i + 1), 10, limits)));
    expect(again.filter((answer) => answer === null)).toHaveLength(3);
  });

  it('by an execution is used by those below it, and by no other one', async () => {
    const tenant = randomUUID();
    const root = await turns(tenant);
    const { execution_id: root_execution_id } = root(1);
    const child = await turns(tenant, { execution_id: await anExecution(db, tenant), root_execution_id });
    const limits = { execution: { tokens: 100 } };
    expect(await hold(tenant, child(1), 70, limits)).toBeNull();
    expect(await hold(tenant, root(1), 40, limits)).toMatchObject({ scope: 'execution', used: 70 });
    expect(await hold(tenant, (await turns(tenant))(1), 100, limits)).toBeNull();
  });

  it('is each tenant’s own', async () => {
    const [tenant, other] = [randomUUID(), randomUUID()];
    const [turn, foreign] = [await turns(tenant), await turns(other)];
    const limits = { tenant: { tokens: 100 }, agent: { tokens: 100 }, execution: { tokens: 100 } };
    // The same agent and execution by their ids, as another tenant may name them.
    const { agent_id, root_execution_id } = turn(1);
    const posing = { ...foreign(1), agent_id, root_execution_id };
    expect(await hold(tenant, turn(1), 100, limits)).toBeNull();
    expect(await hold(other, posing, 100, limits)).toBeNull();
    await settle(other, posing, 100);
    await settle(tenant, turn(1), 10);
    expect(await hold(tenant, turn(2), 90, limits)).toBeNull();
    await expect(hold(other, { ...turn(3), node: 'b' }, 0, {})).rejects.toThrow(/foreign key/);
  });
});
