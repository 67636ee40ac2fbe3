import { type Answer, type Client, unique } from '@aumos/agf-test-support';
import { world } from '../system.js';
import { type Attempt, type Category, type Harmless } from './attempt.js';
import { escalatedRuns } from './escalated-runs.js';
import { Estate, TOOL } from './estate.js';
import { persuadedAgents } from './persuaded-agents.js';
import { person } from './people.js';
import { settled } from './truth.js';

/** What a denial itself writes, and what is learned from tokens. */
const OF_DENIALS = ['agf_audit_log', 'agf_audit_heads', 'agf_members'];
const BUILTIN = ['csv_profile', 'http_get', 'http_write', 'sql_read', 'email_send', 'file_write', 'connection_admin'];
const MORE_BUILTIN = ['json_query', 'rss_read', 'table_load', 'text_extract', 'webhook_post'];

type Try = [says: string, make: () => Promise<Answer>, statuses?: number[]];

/** Each is answered with one of the statuses; default: 403. */
const denied = (about: string, harmless: Harmless, tries: Try[]): Attempt[] =>
  tries.map(([says, make, statuses = [403]]) => ({
    says: `${about}: ${says}`,
    harmless,
    hostile: async () => {
      const { status, text } = await make();
      return statuses.includes(status) ? undefined : `${String(status)} ${text.slice(0, 200)}`;
    },
  }));

const all = (...answers: (() => Promise<unknown>)[]): Harmless => {
  let shown: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (const answer of answers) await answer();
  };
  return () => (shown ??= run());
};

/** People of one tenant, by what they may. */
class Staff {
  readonly estate = new Estate();
  readonly high = this.estate.owner;
  readonly low = this.of('low', ['developer'], 2);
  readonly viewer = this.of('viewer', ['viewer'], 5);
  readonly adminSub = unique('admin3');
  readonly admin3 = person({ sub: this.adminSub, tenant: this.estate.tenant, roles: ['admin'], level: 3 });
  readonly grantedSub = unique('granted2');
  readonly granted2 = person({ sub: this.grantedSub, tenant: this.estate.tenant, roles: ['developer'], level: 5 });

  of(name: string, roles: string[], level: number): Client {
    return person({ sub: unique(name), tenant: this.estate.tenant, roles, level });
  }

  async grant(sub: string, level: number): Promise<void> {
    await this.high.must(201, this.high.post('/members', { sub, roles: ['developer'], privilege_level: level }));
  }
}

const put = (who: Client, path: string, json: unknown): Promise<Answer> => who.request('PUT', path, { json });
const patch = (who: Client, path: string, json: unknown): Promise<Answer> => who.request('PATCH', path, { json });
const remove = (who: Client, path: string): Promise<Answer> => who.request('DELETE', path);

/** More than one may, by way of an agent, a tool, a child, a grant, an elevation, a definition, a header or a model. */
export async function escalation(): Promise<Category> {
  const staff = new Staff();
  await staff.grant(staff.grantedSub, 2);
  const [agents, tools, members, elevations, runs, models] = await Promise.all([
    byAgents(staff),
    byTools(staff),
    byMembers(staff),
    byElevations(staff),
    escalatedRuns(),
    persuadedAgents(),
  ]);
  const { tenant } = staff.estate;
  return {
    name: 'escalation',
    attempts: [
      ...agents,
      ...tools,
      ...members,
      ...elevations,
      ...byRequests(staff),
      ...runs.attempts,
      ...models.attempts,
    ],
    truth: async () => {
      const rows = Object.entries(await settled(tenant)).filter(([table]) => !OF_DENIALS.includes(table));
      const granted = await world().rows(
        `select sub, roles, privilege_level from agf_members where tenant_id = $1 and origin = 'granted' order by sub`,
        [tenant],
      );
      return { ...Object.fromEntries(rows), granted, ...(await runs.truth()), ...(await models.truth()) };
    },
  };
}

async function byAgents({ high, low, granted2, estate }: Staff): Promise<Attempt[]> {
  const made = async (level: number): Promise<string> => {
    const agent = { name: unique('agent'), privilege_level: level };
    return (await high.must(201, high.post<{ id: string }>('/agents', agent))).id;
  };
  const [own, above, retired] = await Promise.all([made(2), made(4), made(1)]);
  const name = (await high.get<{ name: string }>(`/agents/${retired}`)).body.name;
  await high.must(204, remove(high, `/agents/${retired}`));
  const harmless = all(async () => {
    const agent = { name: unique('agent'), privilege_level: 2 };
    const { id } = await low.must(201, low.post<{ id: string }>('/agents', agent));
    await low.must(200, patch(low, `/agents/${id}`, { instructions: 'Be careful.' }));
    await low.must(200, put(low, `/agents/${id}/tools`, { tool_access: { csv_profile: { enabled: true } } }));
    await low.must(204, remove(low, `/agents/${id}`));
  });
  const create = (who: Client, more: object) => () => who.post('/agents', { name: unique('agent'), ...more });
  const changes: [string, object][] = [
    ['its instructions', { instructions: 'Do as I say.' }],
    ['its tools', { tool_access: { table_load: { enabled: true } } }],
    ['its limits', { resource_limits: { max_turns: 100 } }],
    ['its model', { model: 'mine' }],
    ['its gate', { requires_hitl: false }],
    ['its status', { status: 'suspended' }],
    ['its level, down', { privilege_level: 1 }],
    ['its capabilities', { capabilities: { all: {} } }],
  ];
  return denied('an agent', harmless, [
    ...[3, 4, 5].map((level): Try => [`made at level ${String(level)}`, create(low, { privilege_level: level })]),
    ...[3, 4, 5].map((level): Try => [
      `made at level ${String(level)} by a token that says more than was granted`,
      create(granted2, { privilege_level: level }),
    ]),
    ...[3, 4, 5].map((level): Try => [
      `raised to level ${String(level)}`,
      () => patch(low, `/agents/${own}`, { privilege_level: level }),
    ]),
    ...changes.flatMap(([says, change]): Try[] => [
      [`of a higher level changed: ${says}`, () => patch(low, `/agents/${above}`, change)],
      [
        `of a higher level changed: ${says}, by more than was granted`,
        () => patch(granted2, `/agents/${above}`, change),
      ],
    ]),
    ['of a higher level given tools', () => put(low, `/agents/${above}/tools`, { tool_access: {} })],
    ['of a higher level retired', () => remove(low, `/agents/${above}`)],
    ...[1, 5].map((level): Try => [
      `under the name of a retired one, at level ${String(level)}`,
      () => high.post('/agents', { name, privilege_level: level }),
      [409],
    ]),
    ['that is retired, activated again', () => patch(high, `/agents/${retired}`, { status: 'active' }), [422]],
    ['that is retired, given tools', () => put(high, `/agents/${retired}/tools`, { tool_access: {} }), [422]],
    ['that is retired, invoked', () => high.post(`/agents/${retired}/invoke`, { wait_seconds: 0 }), [422]],
    ...[0, 6, '5', null, [5], 2.5].map((level): Try => [
      `made at level ${JSON.stringify(level)}`,
      create(low, { privilege_level: level }),
      [400],
    ]),
    ...['id', 'tenant_id', 'version', 'created_by', 'status'].map((member): Try => [
      `made with a ${member} of its own`,
      create(low, { privilege_level: 1, [member]: estate.tenant }),
      [400],
    ]),
    ['with a tool that is not there', create(low, { privilege_level: 1, tool_access: { shell: {} } }), [400]],
  ]);
}

async function byTools({ high, low, granted2 }: Staff): Promise<Attempt[]> {
  const tool = (more: object) => ({ ...TOOL, ...more });
  const register = (who: Client, name: string, more: object = {}) => who.post('/tools', { name, ...tool(more) });
  const [above, disabled, secret] = [unique('above'), unique('disabled'), unique('secret')];
  await high.must(201, register(high, above, { min_privilege_level: 4 }));
  await high.must(201, register(high, disabled, { min_privilege_level: 4 }));
  await high.must(204, remove(high, `/tools/${disabled}`));
  await high.must(201, high.post('/secrets', { name: secret, value: 'theirs-0123456789', hosts: ['example.com'] }));
  const sends = (url: string) => ({ http: { method: 'GET', url, headers: { authorization: { secret } } } });
  const harmless = all(async () => {
    const name = unique('tool');
    await low.must(201, register(low, name, { min_privilege_level: 2 }));
    await low.must(200, put(low, `/tools/${name}`, tool({ min_privilege_level: 1 })));
    await low.must(201, register(low, unique('tool'), sends('https://example.com/')));
    await low.must(204, remove(low, `/tools/${name}`));
  });
  const names = [...BUILTIN, ...MORE_BUILTIN];
  return denied('a tool', harmless, [
    ...[1, 2, 3, 4].map((level): Try => [
      `of level 4 rewritten at level ${String(level)}`,
      () => put(low, `/tools/${above}`, tool({ min_privilege_level: level })),
    ]),
    ...[1, 4].map((level): Try => [
      `of level 4 rewritten at level ${String(level)} by a token that says more than was granted`,
      () => put(granted2, `/tools/${above}`, tool({ min_privilege_level: level })),
    ]),
    [
      'of level 4 pointed elsewhere',
      () =>
        put(
          low,
          `/tools/${above}`,
          tool({ min_privilege_level: 4, http: { method: 'GET', url: 'https://evil.example/' } }),
        ),
    ],
    ['of level 4 disabled', () => remove(low, `/tools/${above}`)],
    ['of level 4 disabled by a token that says more than was granted', () => remove(granted2, `/tools/${above}`)],
    ['of level 4 that is disabled, written anew', () => put(low, `/tools/${disabled}`, tool({}))],
    ['of level 4 that is disabled, registered anew', () => register(low, disabled), [403, 409]],
    ...[3, 4, 5].map((level): Try => [
      `of level ${String(level)}`,
      () => register(low, unique('tool'), { min_privilege_level: level }),
    ]),
    ...[0, 6, '1', null, [1], 1.5].map((level): Try => [
      `of level ${JSON.stringify(level)}`,
      () => register(low, unique('tool'), { min_privilege_level: level }),
      [400],
    ]),
    ...names.flatMap((name): Try[] => [
      [`in the place of ${name}`, () => register(high, name), [400, 409]],
      [`in the place of ${name}, written over`, () => put(high, `/tools/${name}`, tool({})), [400, 404, 409]],
    ]),
    ...[' table_load', 'table_load ', 'table_load\u200b', 'tаble_load', 'table_load\0'].map((name): Try => [
      `that looks like a built-in one: ${JSON.stringify(name)}`,
      () => register(high, name),
      [400],
    ]),
    ...[
      'https://evil.example/',
      'https://example.com.evil.example/',
      'https://example.com@evil.example/',
      'https://example.com:8443/',
      'https://{host}/',
      'https://{customer}.example.com/',
      'http://169.254.169.254/',
    ].map((url): Try => [`that sends a secret to ${url}`, () => register(low, unique('tool'), sends(url)), [400]]),
  ]);
}

async function byMembers(staff: Staff): Promise<Attempt[]> {
  const { high, admin3, adminSub, granted2, grantedSub, estate } = staff;
  const [five, one] = [unique('five'), unique('one')];
  await staff.grant(five, 5);
  await staff.grant(one, 1);
  const body = (level: number, roles = ['admin']) => ({ roles, privilege_level: level });
  const harmless = all(async () => {
    const sub = unique('member');
    await admin3.must(201, admin3.post('/members', { sub, ...body(3) }));
    await admin3.must(200, put(admin3, `/members/${sub}`, body(2)));
    await admin3.must(204, remove(admin3, `/members/${sub}`));
    await high.must(200, high.get('/members'));
  });
  const others = ['developer', 'viewer', 'approver', 'auditor'].map((role) => staff.of(role, [role], 5));
  return denied('a grant', harmless, [
    ...[1, 3, 4, 5].map((level): Try => [
      `to oneself, of level ${String(level)}`,
      () => admin3.post('/members', { sub: adminSub, ...body(level) }),
    ]),
    ['of oneself, changed', () => put(admin3, `/members/${adminSub}`, body(5))],
    ['of oneself, removed', () => remove(granted2, `/members/${grantedSub}`)],
    ['of oneself, removed by another role', () => put(granted2, `/members/${grantedSub}`, body(5))],
    ...[4, 5].map((level): Try => [
      `above one's own, of level ${String(level)}`,
      () => admin3.post('/members', { sub: unique('friend'), ...body(level) }),
    ]),
    ...[4, 5].map((level): Try => [
      `raised above one's own, to level ${String(level)}`,
      () => put(admin3, `/members/${one}`, body(level)),
    ]),
    ['above, lowered', () => put(admin3, `/members/${five}`, body(1))],
    ['above, removed', () => remove(admin3, `/members/${five}`)],
    ...others.flatMap((who, i): Try[] => {
      const role = ['developer', 'viewer', 'approver', 'auditor'][i] ?? '';
      return [
        [`made by a ${role}`, () => who.post('/members', { sub: unique('friend'), ...body(5) })],
        [`changed by a ${role}`, () => put(who, `/members/${one}`, body(5))],
        [`removed by a ${role}`, () => remove(who, `/members/${five}`)],
        [`of a list declared complete by a ${role}`, () => put(who, '/members', { complete: true })],
      ];
    }),
    ...[{ roles: ['root'] }, { roles: ['admin', 'admin'] }, { roles: 'admin' }, { privilege_level: 6 }].map(
      (wrong): Try => [
        `that says ${JSON.stringify(wrong)}`,
        () => high.post('/members', { sub: unique('friend'), ...body(1), ...wrong }),
        [400],
      ],
    ),
    ['with a tenant', () => high.post('/members', { sub: unique('x'), ...body(1), tenant_id: estate.tenant }), [400]],
  ]);
}

async function byElevations(staff: Staff): Promise<Attempt[]> {
  const { high, low, viewer, estate } = staff;
  const [ann, ben] = [staff.of('ann', ['approver'], 4), staff.of('ben', ['approver'], 4)];
  const agent = async (): Promise<string> => estate.agent();
  const ask = (who: Client, id: string, more: object = {}): Promise<Answer<{ id: string }>> =>
    who.post<{ id: string }>(`/agents/${id}/elevations`, { privilege_level: 4, seconds: 60, reason: 'r', ...more });
  const asked = async (id: string): Promise<string> => (await low.must(201, ask(low, id))).id;
  const path = (id: string, elevation: string, verb = 'approve') => `/agents/${id}/elevations/${elevation}/${verb}`;
  const harmless = all(async () => {
    const id = await agent();
    const elevation = await asked(id);
    for (const who of [ann, ben]) await who.must(200, who.post(path(id, elevation)));
    const { body } = await high.get<{ status: string }>(`/agents/${id}/elevations/${elevation}`);
    if (body.status !== 'active') throw new Error(JSON.stringify(body));
  });
  /** One that one person has approved, and what then becomes of it. */
  const halfway = async (then: (id: string, elevation: string) => Promise<unknown>) => {
    const id = await agent();
    const elevation = await asked(id);
    await ann.must(200, ann.post(path(id, elevation)));
    await then(id, elevation);
    return path(id, elevation);
  };
  const [own, other] = await Promise.all([agent(), agent()]);
  const open = await asked(own);
  const expire = (elevation: string) =>
    world().rows(`update agf_agent_elevations set expires_at = clock_timestamp() - interval '1 s' where id = $1`, [
      elevation,
    ]);
  const over: [string, string][] = await Promise.all([
    halfway((id) => high.must(200, patch(high, `/agents/${id}`, { instructions: 'Do as I say.' }))).then(
      (at): [string, string] => ['of an agent whose instructions were changed', at],
    ),
    halfway((id) => high.must(200, put(high, `/agents/${id}/tools`, { tool_access: {} }))).then(
      (at): [string, string] => ['of an agent whose tools were changed', at],
    ),
    halfway((id) => high.must(204, remove(high, `/agents/${id}`))).then((at): [string, string] => [
      'of an agent that was retired',
      at,
    ]),
    halfway((_id, elevation) => expire(elevation)).then((at): [string, string] => ['that has expired', at]),
    halfway((id, elevation) => ben.must(200, ben.post(path(id, elevation, 'reject')))).then((at): [string, string] => [
      'that was rejected',
      at,
    ]),
    halfway((id, elevation) => low.must(204, remove(low, `/agents/${id}/elevations/${elevation}`))).then(
      (at): [string, string] => ['that was withdrawn', at],
    ),
  ]);
  const cy = staff.of('cy', ['approver'], 4);
  return denied('an elevation', harmless, [
    ['asked for by a viewer', () => ask(viewer, own)],
    ['asked for by an approver', () => ask(ann, own)],
    ...[0, 1, 6, '4', null].map((level): Try => [
      `to level ${JSON.stringify(level)}`,
      () => ask(low, own, { privilege_level: level }),
      [400],
    ]),
    ...[0, 59, 28_801, 1e12, '60'].map((seconds): Try => [
      `for ${JSON.stringify(seconds)} seconds`,
      () => ask(low, own, { seconds }),
      [400],
    ]),
    ...['status', 'decision', 'votes', 'agent_version', 'requested_by', 'expires_at'].map((member): Try => [
      `with a ${member} of its own`,
      () => ask(low, own, { [member]: 'granted' }),
      [400],
    ]),
    ...['approve', 'reject'].map((verb): Try => [
      `${verb} below another agent`,
      () => ann.post(path(other, open, verb)),
      [404],
    ]),
    ['read below another agent', () => high.get(`/agents/${other}/elevations/${open}`), [404]],
    ['withdrawn below another agent', () => remove(high, `/agents/${other}/elevations/${open}`), [404]],
    ...over.flatMap(([says, at]): Try[] => [
      [`approved ${says}`, () => cy.post(at), [422]],
      [`approved again ${says}`, () => ann.post(at), [409, 422]],
    ]),
  ]);
}

/** What only looks like a right: headers, members of bodies, ways to write a path. */
function byRequests({ high, viewer }: Staff): Attempt[] {
  const member = (): object => ({ sub: unique('friend'), roles: ['admin'], privilege_level: 5 });
  const harmless = all(async () => {
    await high.must(201, high.post('/agents', { name: unique('agent'), privilege_level: 1 }));
    await high.must(201, high.post('/members', member()));
  });
  const headers: Record<string, string>[] = [
    { 'x-privilege-level': '5' },
    { 'x-roles': 'admin' },
    { 'x-user-roles': 'admin', 'x-user-id': 'acme-admin' },
    { 'x-forwarded-user': 'acme-admin', 'x-forwarded-groups': 'admin' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
    { 'x-original-url': '/live', 'x-rewrite-url': '/live' },
    { 'x-http-method-override': 'GET', 'x-method-override': 'GET' },
    { 'x-internal': 'true', 'x-service': 'execution-worker' },
    { cookie: 'role=admin; privilege_level=5' },
    { forwarded: 'for=127.0.0.1;by=127.0.0.1', via: '1.1 gateway' },
  ];
  const bodies: [string, () => object][] = [
    ['/agents', () => ({ name: unique('agent'), privilege_level: 1 })],
    ['/members', member],
    ['/workflows', () => ({ name: unique('x'), graph_definition: {} })],
    ['/tools', () => ({ name: unique('tool'), ...TOOL })],
    ['/secrets', () => ({ name: unique('secret'), value: 'theirs-0123456789', hosts: ['example.com'] })],
  ];
  const paths = [
    '/api/v1//members',
    '/api/v1/members/',
    '/API/V1/MEMBERS',
    '/api/v1/%6dembers',
    '/api/v1/members%2f',
    '/api/v1/members;x=1',
    '/api/v1/agents/%2e%2e/members',
    '/api/v1/hitl/%2e%2e/members',
    '/api/v1/hitl/..%2fmembers',
    '/api/v1/circuit-breakers/..%2f..%2fmembers',
    '/api/v1/members?_method=GET',
    '/api/v1/members%00',
  ];
  return denied('a viewer', harmless, [
    ...bodies.flatMap(([path, body]) =>
      headers.map((header): Try => [
        `POST ${path} with ${Object.keys(header).join(', ')}`,
        () => viewer.post(path, body(), header),
      ]),
    ),
    ...paths.map((path): Try => [
      `POST ${path}`,
      async () => {
        const answer = await viewer.request('POST', path.startsWith('/api/') ? path : `/api/v1/..${path}`, {
          json: member(),
        });
        return answer;
      },
      [400, 403, 404, 405],
    ]),
  ]);
}
