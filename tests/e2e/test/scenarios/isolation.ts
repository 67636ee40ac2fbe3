import { TENANTS } from '@aumos/agf-devstack';
import { redisKey } from '@aumos/agf-domain';
import { AgentSessions } from '@aumos/agf-sessions';
import {
  type Client,
  completed,
  decide,
  ended,
  loadWorkflow,
  OPEN_GATE,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  ask,
  everyRoute,
  filled,
  type Ids,
  isTenants,
  namesAThing,
  NOBODY,
  NOTHING,
  type Route,
  said,
  SESSION,
  titleOf,
} from '../routes.js';
import { STANDING } from '../hostile/estate.js';
import { as, events, world } from '../system.js';

const TOOL = {
  kind: 'http',
  description: 'Reads something.',
  category: 'http',
  input_schema: { type: 'object' },
  output_schema: true,
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 5,
  http: { method: 'GET', url: 'https://example.com/' },
};
let acme: Client;
let globex: Client;
/** things of acme, which exist and are in use */
let theirs: Ids;
let routes: Route[];

/** A workflow that has a breaker to show: an execution of it failed. */
async function failing(client: Client): Promise<string> {
  const id = await publish(client, loadWorkflow({ table: unique('failed'), gate: OPEN_GATE }));
  await ended(client, await start(client, id, { source: `artifact:${NOBODY}` }));
  const key = `workflow:${id}`;
  await eventually(async () => (await client.get(`/circuit-breakers/${key}`)).status === 200, 'the breaker');
  return key;
}

export function isolation(): void {
  beforeAll(async () => {
    [acme, globex] = await Promise.all([as('acme-admin'), as('globex-admin')]);
    const workflows = await publish(acme, loadWorkflow({ table: unique('isolated') }));
    const source = await upload(acme, 'a\n1\n');
    const executions = await start(acme, workflows, { source });
    const { id: hitl } = await pendingApproval(acme, executions);
    const artifacts = source.slice('artifact:'.length);
    const agent = { name: unique('isolated'), privilege_level: 1 };
    const { id: agents } = await acme.must(201, acme.post<{ id: string }>('/agents', agent));
    const more = { privilege_level: 2, seconds: 60, reason: 'It is tried.' };
    const asked = acme.post<{ id: string }>(`/agents/${agents}/elevations`, more);
    const { id: elevations } = await acme.must(201, asked);
    const sessions = new AgentSessions(world().redis, { ttlSeconds: 600 });
    await sessions.open({ tenant: TENANTS.acme, agent: agents, session: SESSION }).set('memory', 'theirs');
    const [tools, secrets] = [unique('isolated'), unique('isolated')];
    await acme.must(201, acme.post('/tools', { name: tools, ...TOOL }));
    await acme.must(201, acme.post('/secrets', { name: secrets, value: 'isolated-0123', hosts: ['example.com'] }));
    const connections = unique('isolated');
    const settings = { http: { method: 'POST', url: 'https://example.com/issues' } };
    await acme.must(201, acme.post('/connections', { name: connections, kind: 'ticket', settings }));
    const members = `isolated|${unique('member')}`;
    await acme.must(201, acme.post('/members', { sub: members, roles: [], privilege_level: 1 }));
    const policies = unique('isolated');
    await acme.must(200, acme.request('PUT', `/hitl/policies/${policies}`, { json: { condition: 'false' } }));
    const breaker = await failing(acme);
    const drill = acme.post<{ id: string }>('/circuit-breakers/drills', { tool: tools, seconds: 1 });
    const { id: drills } = await acme.must(201, drill);
    const groups = unique('isolated');
    await acme.must(200, acme.request('PUT', `/hitl/groups/${groups}`, { json: { members: ['isolated|somebody'] } }));
    const { id: standing } = await acme.must(201, acme.post<{ id: string }>('/hitl/standing-approvals', STANDING()));
    const channel = { kind: 'webhook', name: unique('isolated'), settings: { url: 'https://example.com/approvals' } };
    const { id: channels } = await acme.must(201, acme.post<{ id: string }>('/hitl/channels', channel));
    const { id: deliveries } = await acme.must(202, acme.post<{ id: string }>(`/hitl/channels/${channels}/test`));
    const things = {
      policies,
      channels,
      deliveries,
      groups,
      standing,
      drills,
      tools,
      secrets,
      connections,
      members,
      'circuit-breakers': breaker,
    };
    theirs = { agents, elevations, workflows, executions, artifacts, hitl, ...things };
    routes = (await everyRoute()).filter(isTenants);
  });
  afterAll(async () => {
    await decide(await as('acme-approver-1'), theirs.hitl);
    await completed(acme, theirs.executions);
  });

  it('is tried on every route, with ids that their owner finds', async () => {
    const reads = routes.filter(({ method }) => method === 'GET');
    expect(reads.length).toBeGreaterThan(20);
    const answers = await Promise.all(reads.map((route) => ask(acme, route, filled(route, theirs))));
    const refused = reads.filter((_, i) => answers[i]?.status !== 200).map(titleOf);
    expect(refused).toEqual([]);
  });

  it('answers for a foreign id what it answers for an id of nothing: 404, to the letter', async () => {
    // A policy of a name that is not there is made: of theirs, one's own is.
    const makes = ({ method, path }: Route): boolean => method === 'PUT' && path.endsWith('/hitl/policies/{name}');
    const named = routes.filter((route) => namesAThing(route) && !makes(route));
    expect(named.length).toBeGreaterThan(20);
    for (const route of named) {
      const [foreign, none] = await Promise.all([
        ask(globex, route, filled(route, theirs)),
        ask(globex, route, filled(route, NOTHING)),
      ]);
      expect([titleOf(route), foreign.status, foreign.body.code]).toEqual([titleOf(route), 404, 'NOT_FOUND']);
      const title = titleOf(route);
      expect({ title, ...said(foreign, theirs) }).toEqual({ title, ...said(none, NOTHING) });
    }
    // Nothing of it had an effect.
    const row = await acme.get<{ cancel_requested: boolean; status: string }>(`/executions/${theirs.executions}`);
    expect(row.body).toMatchObject({ cancel_requested: false, status: 'paused_hitl' });
  });

  it('lists nothing foreign, whatever is asked for', async () => {
    const lists = routes.filter((route) => route.method === 'GET' && !namesAThing(route));
    expect(lists.length).toBeGreaterThanOrEqual(7);
    for (const route of lists) {
      const paged = route.query.some(({ name }) => name === 'page_size') ? [`${route.path}?page_size=100`] : [];
      // One that never ends by itself is asked for a while only.
      const bare = route.query.some(({ name }) => name === 'max_seconds') ? [] : [route.path];
      const paths = [...bare, ...paged, filled(route, theirs)];
      for (const path of paths) {
        const { status, text } = await ask(globex, route, path);
        expect([path, status]).toEqual([path, 200]);
        const foreign = [TENANTS.acme, ...Object.values(theirs)].filter((id) => text.includes(id as string));
        expect([path, foreign]).toEqual([path, []]);
      }
    }
  });

  it('refuses every route to who has no token, or names another tenant than the token does', async () => {
    for (const route of routes) {
      const path = filled(route, theirs);
      const nobody = await ask(world().anonymous(), route, path);
      expect([titleOf(route), nobody.status, nobody.body.code]).toEqual([titleOf(route), 401, 'UNAUTHORIZED']);
      expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
      const other = await ask(globex, route, path, { 'x-tenant-id': TENANTS.acme });
      expect([titleOf(route), other.status, other.body.code]).toEqual([titleOf(route), 403, 'CROSS_TENANT_ACCESS']);
    }
    const same = await globex.get('/workflows', { headers: { 'x-tenant-id': TENANTS.globex.toUpperCase() } });
    expect(same.status).toBe(200);
  });

  it("does not let a tool read another tenant's artifact", async () => {
    const definition = loadWorkflow({ table: unique('stolen'), gate: OPEN_GATE });
    const id = await start(globex, await publish(globex, definition), { source: `artifact:${theirs.artifacts}` });
    expect((await ended(globex, id)).error_details).toMatchObject({ code: 'ARTIFACT_NOT_FOUND', node: 'load' });
  });

  it('lets both tenants have the same name', async () => {
    const definition = loadWorkflow({ table: unique('shared') });
    const ids = [await publish(acme, definition), await publish(globex, definition)];
    expect(new Set(ids).size).toBe(2);
    expect((await acme.post('/workflows', { name: definition.name, graph_definition: definition })).status).toBe(409);
  });

  it("keeps each tenant's keys in Redis under its own tag", async () => {
    // What a breaker has counted is among them.
    const failing = {
      schema: 'agf/workflow/v1',
      name: unique('failing'),
      state: { n: {} },
      nodes: [{ id: 'set', type: 'transform', set: { n: { cel: 'input.none' } } }],
      edges: [
        { source: 'START', target: 'set' },
        { source: 'set', target: 'END' },
      ],
    };
    const failed = await ended(globex, await start(globex, await publish(globex, failing)));
    expect(failed.error_details).toMatchObject({ code: 'EXPRESSION_ERROR' });
    const keys = await eventually(async () => {
      const all = await world().redis.keys('*');
      return all.some((key) => key.startsWith(redisKey(TENANTS.globex))) ? all : undefined;
    }, "the breaker's keys");
    const tenants = Object.values(TENANTS);
    const shared = keys.filter((key) => !tenants.some((tenant) => key.startsWith(redisKey(tenant))));
    const ofAll = ['agf:dispatch', 'agf:breaker:tenants', 'agf:breaker:watched'];
    expect(shared.filter((key) => !ofAll.includes(key))).toEqual([]);
    const own = keys.filter((key) => key.startsWith(redisKey(TENANTS.globex)));
    expect(own.length).toBeGreaterThan(0);
    const foreign = [TENANTS.acme, theirs.workflows];
    for (const key of own) {
      const held = key + (await contentOf(key));
      expect([key, foreign.filter((id) => held.includes(id))]).toEqual([key, []]);
    }
  });

  it("tells on Kafka of each tenant's things under its own name alone", async () => {
    const all = await events().upToNow();
    const rows = await world().rows<{ id: string; tenant_id: string }>(
      'select id, tenant_id from agf_workflow_executions union all select id, tenant_id from agf_hitl_approvals',
    );
    const tenantOf = new Map(rows.map(({ id, tenant_id }) => [id, tenant_id]));
    const mine = all.filter(({ key }) => key.startsWith(TENANTS.globex));
    expect(mine.length).toBeGreaterThan(5);
    for (const { event, headers } of mine) {
      expect([event.tenant_id, headers['ce_tenantid'], headers['tenant_id']]).toEqual(Array(3).fill(TENANTS.globex));
      expect(tenantOf.get(event.aggregate_id) ?? TENANTS.globex).toBe(TENANTS.globex);
      expect(JSON.stringify([event.data, headers])).not.toContain(TENANTS.acme);
    }
  });

  it('shows the apps no row without a tenant, and none of another one, in any table', async () => {
    const tables = await world().rows<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
       where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace = 'public'::regnamespace`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const client = await world().platform.connect();
    try {
      await client.query('begin; set local role agf_app');
      for (const tenant of ['', TENANTS.globex]) {
        await client.query(`select set_config('app.current_tenant', $1, true)`, [tenant]);
        for (const { name } of tables) {
          const { rows } = await client.query<{ n: number }>(
            `select count(*)::int as n from ${name} where tenant_id <> $1 or $2 = ''`,
            [TENANTS.globex, tenant],
          );
          expect([name, tenant, rows[0]?.n]).toEqual([name, tenant, 0]);
        }
      }
    } finally {
      await client.query('rollback');
      client.release();
    }
    const [all] = await world().rows<{ n: number }>('select count(*)::int as n from agf_workflow_executions');
    expect(all?.n).toBeGreaterThan(0);
  });
}

/** All that a key holds, as text. */
async function contentOf(key: string): Promise<string> {
  const { redis } = world();
  const type = await redis.type(key);
  switch (type) {
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    case 'set':
      return JSON.stringify(await redis.smembers(key));
    case 'zset':
      return JSON.stringify(await redis.zrange(key, 0, -1));
    case 'list':
      return JSON.stringify(await redis.lrange(key, 0, -1));
    case 'string':
      return (await redis.get(key)) ?? '';
    default:
      throw new Error(`${key} is a ${type}`);
  }
}
