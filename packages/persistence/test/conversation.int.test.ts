import { beforeEach, describe, expect, it } from '@jest/globals';
import { ApprovalsRepository, type ConversationQuery, VisitsRepository } from '../src/index.js';
import { tenantA, tenantB, useDatabase } from './support/database.js';
import { aRunningExecution, endedVisit, newApproval } from './support/rows.js';

describe('the conversation of an agent’s visit', () => {
  const database = useDatabase();
  let tenant: string;
  let execution: string;
  let visits: VisitsRepository;
  const run = <T>(fn: () => Promise<T>): Promise<T> => database.db.run(tenant, fn);
  const at = (visit: number, node = 'a~1~t') => ({ node, visit });
  const read = (over: Partial<ConversationQuery> = {}) =>
    run(() =>
      visits.conversation({
        ...{ execution_id: execution, node: 'a~1', before: 3, told: [at(2)], characters: 8, rows: 4, bytes: 1_000 },
        ...over,
      }),
    );

  beforeEach(async () => {
    tenant = tenantA();
    execution = await aRunningExecution(database.db, tenant);
    visits = new VisitsRepository(database.db);
    const turn = (visit: number, told: unknown[]) =>
      endedVisit(execution, { node: 'a~1', visit, input: { told } as never, output: { text: String(visit) } });
    const rows = [
      turn(1, []),
      turn(2, [{ id: 'x', at: at(1) }, { repair: 'n' }, { id: 'y', at: at(3) }]),
      turn(3, [{ id: 'z', at: at(4) }]),
      endedVisit(execution, { ...at(1), input: { k: 1 }, output: { n: 1 } }),
      endedVisit(execution, { ...at(2), output: '😀'.repeat(20) }),
      endedVisit(execution, { ...at(3), status: 'failed', output: null }),
      endedVisit(execution, { ...at(4), output: 'of a later turn' }),
      endedVisit(execution, { ...at(1, 'a~2~t'), output: 'of another visit' }),
    ];
    await run(() => visits.recordEnded(rows));
  });

  it('is the turns before one and the results that they were told, each cut', async () => {
    expect(await read()).toEqual({
      ...{ fits: true, bytes: expect.any(Number) },
      turns: [
        { visit: 1, input: { told: [] }, output: { text: '1' } },
        { visit: 2, input: { told: expect.any(Array) }, output: { text: '2' } },
      ],
      results: [
        { ...at(1), text: '{"n": 1}', cut_from: null, edited: null },
        { ...at(2), text: `"${'😀'.repeat(7)}`, cut_from: 22, edited: null },
      ],
    });
    expect(await read({ before: 1, told: [] })).toEqual({ fits: true, bytes: 0, turns: [], results: [] });
  });

  it('says with what a call was made that people had edited', async () => {
    const approvals = new ApprovalsRepository(database.db);
    const edited = newApproval(execution, { ...at(1), allowed_decisions: ['approve', 'reject', 'edit'] });
    const of = { approval_id: edited.approval_id, actor: 'ann', notes: null };
    await run(() => approvals.open(edited));
    await run(() => approvals.decide({ ...of, decision: 'edit', given: { table: 'u' } }));
    await run(() => approvals.open(newApproval(execution, { ...at(2) })));
    expect(await read()).toMatchObject({
      results: [
        { visit: 1, edited: { k: 1 } },
        { visit: 2, edited: null },
      ],
    });
  });

  it('is not read where it has more bytes or rows than were asked for', async () => {
    const { bytes } = await read();
    expect(await read({ bytes })).toMatchObject({ fits: true });
    expect(await read({ bytes: bytes - 1 })).toEqual({ fits: false, bytes });
    expect(await read({ rows: 3 })).toMatchObject({ fits: false });
  });

  it('is the tenant’s own', async () => {
    tenant = tenantB();
    expect(await read()).toEqual({ fits: true, bytes: 0, turns: [], results: [] });
  });
});
