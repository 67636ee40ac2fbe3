import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROLES } from '@aumos/agf-domain';
import { createService, serviceSettings } from '../src/index.js';
import { ThingsModule } from './support/sample-app.js';
import { OTHER_TENANT, type Sample, startSample, TENANT } from './support/sample-service.js';

let sample: Sample;
beforeAll(async () => {
  sample = await startSample();
});
afterAll(() => sample.close());

const LEVELS = [1, 2, 3, 4, 5];
const asks = (path: string, roles: readonly string[], level: number) =>
  sample.call('GET', `/api/v1/things/${path}`, {
    claims: { realm_access: { roles: [...roles] }, privilege_level: level },
  });

describe('roles and levels', () => {
  it.each(ROLES)('the role %s', async (role) => {
    const answer = await asks('admins', [role], 5);
    const allowed = role === 'admin' || role === 'approver';
    expect(answer.status).toBe(allowed ? 200 : 403);
    if (!allowed)
      expect(answer.json).toMatchObject({ code: 'FORBIDDEN', details: { required_roles: ['admin', 'approver'] } });
  });

  it.each(LEVELS)('the level %i', async (level) => {
    const answer = await asks('risky', [], level);
    expect(answer.status).toBe(level >= 3 ? 200 : 403);
    if (level < 3)
      expect(answer.json).toMatchObject({
        code: 'PRIVILEGE_DENIED',
        details: { required_level: 3, effective_level: level },
      });
  });

  it('both are needed where both are asked', async () => {
    const statuses = await Promise.all(
      ROLES.flatMap((role) =>
        LEVELS.map(async (level) => [role, level, (await asks('both', [role], level)).status] as const),
      ),
    );
    for (const [role, level, status] of statuses)
      expect({ role, level, status }).toEqual({ role, level, status: role === 'developer' && level >= 4 ? 200 : 403 });
  });

  it('a role that nobody knows is none', async () => {
    expect((await asks('admins', ['ADMIN', 'superuser', 'admin '], 5)).status).toBe(403);
  });
});

describe('tenants', () => {
  it('the header may agree with the token, in any case', async () => {
    expect(
      (await sample.call('GET', '/api/v1/things/whoami', { headers: { 'x-tenant-id': TENANT.toUpperCase() } })).status,
    ).toBe(200);
  });

  it.each([OTHER_TENANT, '', 'acme', `${TENANT}, ${OTHER_TENANT}`, `${TENANT}, ${TENANT}`])(
    'the header %j does not',
    async (header) => {
      const answer = await sample.call('GET', '/api/v1/things/whoami', { headers: { 'x-tenant-id': header } });
      expect(answer).toMatchObject({ status: 403, json: { code: 'CROSS_TENANT_ACCESS' } });
    },
  );
});

describe('public routes', () => {
  it.each(['/live', '/ready', '/openapi.json', '/docs', '/api/v1/things/open'])('%s needs no token', async (path) => {
    expect((await sample.call('GET', path, { headers: { authorization: null } })).status).toBe(200);
  });

  it.each(['/api/v1/things', '/api/v1/things/whoami'])('%s does', async (path) => {
    expect(await sample.call('GET', path, { headers: { authorization: null } })).toMatchObject({
      status: 401,
      json: { code: 'UNAUTHORIZED' },
    });
  });

  it('are all that a service without token settings has', async () => {
    const logs = { write: () => undefined };
    const service = await createService({
      name: 's',
      settings: serviceSettings,
      module: () => ThingsModule,
      env: { AUMOS_AGF_PORT: '0' },
      logs,
    });
    const url = await service.listen();
    const headers = { authorization: `Bearer ${await sample.issuer.token({ tenant_id: TENANT })}` };
    expect((await fetch(`${url}/api/v1/things/open`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/things`, { headers })).status).toBe(401);
    await service.close();
  });
});
