import { ROLES } from '@aumos/agf-domain';
import {
  type Approval,
  type Client,
  loadWorkflow,
  pendingApproval,
  publish,
  start,
  unique,
  upload,
} from '@aumos/agf-test-support';
import { beforeAll, expect, it } from '@jest/globals';
import { forEach } from '../hostile/attempt.js';
import { STANDING } from '../hostile/estate.js';
import { person } from '../hostile/people.js';
import { everyRoute, NOBODY } from '../routes.js';
import { world } from '../system.js';

const PREFIX = '/api/v1';
const LEVELS = [1, 2, 3, 4, 5];
const NEED = 3;
const DECIDERS: readonly (string | null)[] = ['admin', 'approver'];
const CELLS = [...ROLES, null].flatMap((role) => LEVELS.map((level) => ({ role, level })));
type Cell = (typeof CELLS)[number];

/** Who may call which route of hitl-approval; deciding asks for a level as well: the call's. A route that is not here fails. */
const ACCESS: Record<string, 'anybody' | 'deciders' | 'admins'> = {
  'GET /hitl': 'anybody',
  'GET /hitl/pending': 'anybody',
  'GET /hitl/inbox': 'anybody',
  'GET /hitl/inbox/counts': 'anybody',
  'GET /hitl/stream': 'anybody',
  'GET /hitl/business-hours': 'anybody',
  'PUT /hitl/business-hours': 'admins',
  'GET /hitl/{id}': 'anybody',
  'GET /hitl/policies': 'anybody',
  'PUT /hitl/policies/{name}': 'admins',
  'DELETE /hitl/policies/{name}': 'admins',
  'POST /hitl/{id}/approve': 'deciders',
  'POST /hitl/{id}/reject': 'deciders',
  'POST /hitl/{id}/edit': 'deciders',
  'POST /hitl/{id}/respond': 'deciders',
  'POST /hitl/{id}/delegate': 'deciders',
  'POST /hitl/{id}/claim': 'deciders',
  'GET /hitl/{id}/comments': 'anybody',
  'GET /hitl/groups': 'anybody',
  'GET /hitl/standing-approvals': 'anybody',
};

/** Routes that ask for a role, whatever they then say of what they are sent; one asks for a level as well. */
const BY_ROLE: Record<string, { roles: readonly (string | null)[]; level?: number; json?: () => object }> = {
  'GET /hitl/channels': { roles: ['admin', 'auditor'] },
  'POST /hitl/channels': { roles: ['admin'] },
  'GET /hitl/channels/{id}': { roles: ['admin', 'auditor'] },
  'PUT /hitl/channels/{id}': { roles: ['admin'] },
  'DELETE /hitl/channels/{id}': { roles: ['admin'] },
  'POST /hitl/channels/{id}/test': { roles: ['admin'] },
  'POST /hitl/channels/{id}/rotate-secret': { roles: ['admin'] },
  'GET /hitl/deliveries': { roles: ['admin', 'auditor'] },
  'POST /hitl/deliveries/{id}/replay': { roles: ['admin'] },
  'GET /hitl/templates': { roles: ['admin', 'auditor'] },
  'PUT /hitl/templates/{kind}': { roles: ['admin'] },
  'DELETE /hitl/templates/{kind}': { roles: ['admin'] },
  'POST /hitl/{id}/release': { roles: DECIDERS },
  'POST /hitl/{id}/comments': { roles: ['admin', 'approver', 'developer'], json: () => ({ text: 'It is tried.' }) },
  'PUT /hitl/groups/{name}': { roles: ['admin'], json: () => ({ members: ['walked'] }) },
  'DELETE /hitl/groups/{name}': { roles: ['admin'] },
  'GET /hitl/standing-approvals/{standing_id}': { roles: [...ROLES, null] },
  'POST /hitl/bulk': { roles: [...ROLES, null], json: () => ({ decisions: [{ id: NOBODY, decision: 'approve' }] }) },
  'POST /hitl/standing-approvals': { roles: DECIDERS, level: NEED, json: STANDING },
  'POST /hitl/standing-approvals/{standing_id}/revoke': { roles: DECIDERS },
};

/** Role by level by route, each on a call that waits for people. */
export function roleWalk(): void {
  let developer: Client;
  let approver: Client;
  let source: string;
  let workflow: string;
  beforeAll(async () => {
    developer = person({ sub: unique('walk'), roles: ['developer'], level: 5 });
    approver = person({ sub: unique('walk'), roles: ['approver'], level: 5 });
    source = await upload(developer, 'a\n1\n');
    workflow = await publish(developer, loadWorkflow({ table: unique('walk') }));
  });

  const asked = async (): Promise<Approval> => pendingApproval(approver, await start(developer, workflow, { source }));
  const bearer = ({ role, level }: Cell): Client =>
    person({ sub: unique('walker'), roles: role === null ? [] : [role], level });
  const bodyOf = (route: string, { arguments: args }: Approval): object | undefined => {
    if (route.endsWith('/edit')) return { arguments: args };
    if (route.endsWith('/delegate')) return { to: unique('walked') };
    const result = { table: 't', schema: 'public', rows: 1, columns: 1, created: false, mode: 'append' };
    return route.endsWith('/respond') ? { result } : {};
  };
  /** A policy that holds nothing. */
  const policy = async (): Promise<string> => {
    const name = unique('walk');
    const admin = person({ sub: unique('walk'), roles: ['admin'], level: 5 });
    await admin.must(200, admin.request('PUT', `/hitl/policies/${name}`, { json: { condition: 'false' } }));
    return name;
  };
  const call = async (route: string, cell: Cell, { approval, name }: { approval: Approval; name: string }) => {
    const [method = '', path = ''] = route.split(' ');
    const written = path.includes('/policies/') ? { condition: 'false' } : { business_hours: null };
    const bodies = new Map<string, object | undefined>([
      ['POST', bodyOf(route, approval)],
      ['PUT', written],
    ]);
    const body = bodies.get(method);
    const ended = path.endsWith('/stream') ? '?max_seconds=1' : '';
    const place = path.replace('{id}', approval.id).replace('{name}', name) + ended;
    return bearer(cell).request<{ code?: string } | null>(method, place, body ? { json: body } : {});
  };

  it('knows every route of the approvals', async () => {
    const { url } = world().local.apps['hitl-approval'];
    const routes = (await everyRoute()).filter(({ base, isPublic }) => base === url && !isPublic);
    expect(routes.map(({ method, path }) => `${method} ${path.slice(PREFIX.length)}`).sort()).toEqual(
      [...Object.keys(ACCESS), ...Object.keys(BY_ROLE)].sort(),
    );
  });

  it.each(Object.entries(BY_ROLE))('%s is for these roles alone', async (route, { roles, level = 1, json }) => {
    const [method = '', path = ''] = route.split(' ');
    const { id } = await asked();
    const place = path
      .replace('{id}', id)
      .replace('{name}', unique('walked'))
      .replace('{standing_id}', NOBODY)
      .replace('{kind}', 'nothing');
    const answers = await forEach(CELLS, async (cell) => {
      const { status } = await bearer(cell).request(method, place, json ? { json: json() } : {});
      return { ...cell, denied: status === 403 };
    });
    const may = (cell: Cell): boolean => roles.includes(cell.role) && cell.level >= level;
    expect(answers).toEqual(CELLS.map((cell) => ({ ...cell, denied: !may(cell) })));
  });

  it.each(Object.entries(ACCESS))('%s is for %s', async (route, who) => {
    const may = ({ role, level }: Cell): boolean =>
      who === 'admins' ? role === 'admin' : who === 'anybody' || (DECIDERS.includes(role) && level >= NEED);
    const removes = route.startsWith('DELETE');
    const [untouched, kept] = await Promise.all([asked(), policy()]);
    const answers = await forEach(CELLS, async (cell) => {
      // A decision is taken once.
      const approval = who === 'deciders' && may(cell) ? await asked() : untouched;
      const name = removes && may(cell) ? await policy() : kept;
      const { status, body } = await call(route, cell, { approval, name });
      return { ...cell, status, denied: body?.code === 'FORBIDDEN' };
    });
    const done = removes ? 204 : 200;
    expect(answers).toEqual(CELLS.map((cell) => ({ ...cell, status: may(cell) ? done : 403, denied: !may(cell) })));
    // What is denied of the tenant's hours names no approval.
    if (route.endsWith('/business-hours')) return;
    const [audited] = await world().rows<{ n: number }>(
      `select count(*)::int as n from agf_audit_log where resource_id = $1 and outcome = 'denied'`,
      [who === 'admins' ? `/api/v1/hitl/policies/${kept}` : untouched.id],
    );
    expect(audited?.n).toBe(CELLS.filter((cell) => !may(cell)).length);
  });
}
