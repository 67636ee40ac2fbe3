import { WebServer } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TenantOutgoing } from '../src/index.js';

describe('a tenant’s client', () => {
  let web: WebServer;
  const rules = new Map<string, string[]>();
  const clients = new TenantOutgoing((tenant) => Promise.resolve(rules.get(tenant) ?? null), {
    allow: { internal: ['127.0.0.1'] },
  });
  const get = (tenant: string, path = '/') => clients.of(tenant).request({ method: 'GET', url: web.url(path) });
  const notListed = { code: 'ADDRESS_BLOCKED', details: { reason: 'not_listed' } };
  beforeAll(async () => {
    web = await WebServer.start();
  });
  afterAll(() => web.close());

  it('reaches what its tenant lists, from the next request on, and nobody else’s list is asked', async () => {
    rules.set('a', ['x.example']);
    await expect(get('a')).rejects.toMatchObject(notListed);
    expect(await get('b')).toMatchObject({ status: 200 });
    rules.set('a', ['127.0.0.0/8']);
    expect(await get('a')).toMatchObject({ status: 200 });
    rules.delete('a');
    expect(await get('a')).toMatchObject({ status: 200 });
  });

  it('never reaches what the platform does not let it, whatever its tenant lists', async () => {
    rules.set('a', ['0.0.0.0/0', '::/0', 'localhost', '10.0.0.1', '169.254.169.254']);
    for (const host of ['10.0.0.1', '169.254.169.254', 'localhost', '[::1]'])
      await expect(clients.of('a').request({ method: 'GET', url: `http://${host}/` })).rejects.toMatchObject({
        code: 'ADDRESS_BLOCKED',
      });
  });

  it('holds the list for redirects, too', async () => {
    rules.set('a', [`127.0.0.1:${String(web.port)}`]);
    web.says(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }));
    await expect(get('a')).rejects.toMatchObject(notListed);
  });
});
