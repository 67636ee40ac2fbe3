import { type BreakerKey, breakerTransitionsKey } from '@aumos/agf-domain';
import { AgentsRepository, TenantDb } from '@aumos/agf-persistence';
import { BreakerGuard } from '@aumos/agf-resilience';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type ListeningMonitor, startMonitor } from './support/listening-monitor.js';
import { TenantBreakers } from './support/tenant-breakers.js';

const MANY = 10_000;
const PAGE_MS = 200;

let monitor: ListeningMonitor;
beforeAll(async () => {
  monitor = await startMonitor();
}, 120_000);
afterAll(() => monitor.close());

describe('the list', () => {
  let tenant: TenantBreakers;
  let agent: BreakerKey;
  const keys = async (query = '', of = tenant.id): Promise<string[]> => {
    const { status, body } = await monitor.call(of, 'GET', `?sort_order=asc&page_size=100${query}`);
    expect(status).toBe(200);
    return (body.items as { circuit_key: string }[]).map(({ circuit_key }) => circuit_key);
  };
  beforeAll(async () => {
    tenant = new TenantBreakers(monitor);
    const made = await monitor.app
      .get(TenantDb)
      .run(tenant.id, () =>
        monitor.app.get(AgentsRepository).create({ name: 'Night Writer', privilege_level: 1, created_by: 'dev' }),
      );
    agent = `agent:${made!.id}`;
    await tenant.call('tool:counting', 'failure', { failure_threshold: 9 });
    await tenant.open('tool:open');
    await tenant.open(agent);
    await monitor.call(tenant.id, 'POST', '/tool:csv_read/isolate', { body: { reason: 'r' } });
    for (let i = 0; i < 3; i++) {
      await tenant.open('tool:flaps', 0.05);
      await eventually(() => tenant.call('tool:flaps', 'success'), 'the probe');
    }
    await eventually(async () => (await tenant.rows()).length === 12, 'the history');
  });

  it('has all of them, by key', async () => {
    expect(await keys()).toEqual([agent, 'tool:counting', 'tool:csv_read', 'tool:flaps', 'tool:open']);
  });

  it.each<[string, string[]]>([
    ['&state=open&kind=tool', ['tool:csv_read', 'tool:open']],
    ['&isolated=true', ['tool:csv_read']],
    ['&isolated=false&kind=tool', ['tool:counting', 'tool:flaps', 'tool:open']],
    ['&anomaly=flapping', ['tool:flaps']],
    ['&anomaly=stuck', []],
    ['&text=COUNT', ['tool:counting']],
    ['&state=half_open', []],
  ])('filters by %s', async (query, found) => {
    expect(await keys(query)).toEqual(found);
  });

  it('finds agents by their names, and shows them', async () => {
    expect(await keys('&text=night%20w')).toEqual([agent]);
    const { body } = await monitor.call(tenant.id, 'GET', '?kind=agent');
    expect(body.items).toMatchObject([{ name: 'Night Writer', kind: 'agent', state: 'open', anomalies: [] }]);
  });

  it("has none of another tenant's, also by their names", async () => {
    const other = new TenantBreakers(monitor);
    for (const query of ['', '&text=night', '&isolated=true', '&anomaly=flapping'])
      expect(await keys(query, other.id)).toEqual([]);
  });

  it.each(['state=ajar', 'kind=door', 'isolated=maybe', 'anomaly=odd', 'text=', 'page_size=101', 'sort_by=name'])(
    'refuses %s',
    async (query) => {
      const { status, body } = await monitor.call(tenant.id, 'GET', `?${query}`);
      expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
    },
  );

  it('shows one with its history, in pages', async () => {
    const { body } = await monitor.call(tenant.id, 'GET', '/tool:flaps');
    expect(body).toMatchObject({ state: 'closed', anomalies: ['flapping'], chain: { callers: [], callees: [] } });
    expect(body.history).toHaveLength(9);
    const page = await monitor.call(tenant.id, 'GET', '/tool:flaps/history?page=2&page_size=4&sort_order=asc');
    expect(page.body).toMatchObject({ total: 9, page: 2, pages: 3 });
    expect(page.body.items).toEqual([...body.history].reverse().slice(4, 8));
    const other = new TenantBreakers(monitor);
    for (const path of ['/tool:flaps', '/tool:flaps/history', `/${agent}`, `/${agent}/history`, `/${agent}/statistics`])
      expect([path, (await monitor.call(other.id, 'GET', path)).status]).toEqual([path, 404]);
  });
});

describe(`with ${String(MANY)} breakers`, () => {
  let tenant: TenantBreakers;
  const key = (i: number): BreakerKey => `tool:t${String(i).padStart(5, '0')}`;
  beforeAll(async () => {
    tenant = new TenantBreakers(monitor);
    const now = Date.now();
    const times = { since: new Date(now).toISOString(), until: new Date(now + 3_600_000).toISOString() };
    const all = Array.from({ length: MANY }, (_, i) => ({ key: key(i), epoch: 1, failure_count: i % 100, ...times }));
    expect(await monitor.app.get(BreakerGuard).restore(tenant.id, all)).toBe(MANY);
    // As if the history had told of them: rows as it makes them, of a later epoch, and nothing left to read.
    await monitor.app.get(Redis).del(breakerTransitionsKey(tenant.id));
    await monitor.app.get(TenantDb).run(tenant.id, (em) =>
      em.query(
        `insert into agf_circuit_breakers (tenant_id, circuit_key, state, epoch, failure_count, reason, since, reset_ms)
         select $1, 'tool:t' || lpad(i::text, 5, '0'), 'open', 9000000000000, i % 100, 'restored', now(), 60000
         from generate_series(0, $2 - 1) i on conflict do nothing`,
        [tenant.id, MANY],
      ),
    );
  }, 60_000);

  const took = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const median = (all: number[]): number => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

  it.each(['', '&state=open', '&text=t09', '&sort_by=failure_count', '&isolated=false'])(
    `any page takes less than ${String(PAGE_MS)} ms%s`,
    async (query) => {
      const page = (number: number) => async () => {
        const { status, body } = await monitor.call(tenant.id, 'GET', `?page=${String(number)}&page_size=100${query}`);
        expect([status, body.items.length > 0 || body.pages < number]).toEqual([200, true]);
      };
      /** The same rows by one plain query, and nothing made of them. */
      const plain = () =>
        monitor.app
          .get(TenantDb)
          .run(tenant.id, (em) => em.query('select * from agf_circuit_breakers order by circuit_key'));
      await page(1)();
      await plain();
      const [pages, queries]: [number[], number[]] = [[], []];
      for (const number of [1, 2, 25, 50, 75, 99, 100]) {
        queries.push(await took(plain));
        pages.push(await took(page(number)));
      }
      // A busy machine is slow for both.
      expect(median(pages)).toBeLessThan(Math.max(PAGE_MS, 3 * median(queries)));
    },
    60_000,
  );

  it('pages add up to all of them, each once', async () => {
    const seen = new Set<string>();
    for (let number = 1; number <= MANY / 100; number += 9) {
      const { body } = await monitor.call(tenant.id, 'GET', `?page=${String(number)}&page_size=100&sort_order=asc`);
      expect(body).toMatchObject({ total: MANY, pages: MANY / 100 });
      expect(body.items[0].circuit_key).toBe(key((number - 1) * 100));
      for (const { circuit_key } of body.items as { circuit_key: string }[]) seen.add(circuit_key);
    }
    expect(seen.size).toBe(12 * 100);
  }, 60_000);
});
