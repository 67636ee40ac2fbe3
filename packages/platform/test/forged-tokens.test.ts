import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, type JWK } from 'jose';
import { eventually } from '@aumos/agf-testing';
import { createService } from '../src/index.js';
import { forge, Forger, TestIssuer } from '../src/testing/index.js';
import { ThingsModule } from './support/sample-app.js';
import { type Sample, sampleSettings, startSample, TENANT } from './support/sample-service.js';

let sample: Sample;
let issuer: TestIssuer;
let rsa: KeyObject;
let rsaPublic: JWK & { pem: string };
let attacker: KeyObject;

beforeAll(async () => {
  sample = await startSample();
  issuer = sample.issuer;
  trapIssuer = await TestIssuer.start();
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  rsa = pair.privateKey;
  rsaPublic = { ...(await exportJWK(pair.publicKey)), pem: await exportSPKI(pair.publicKey) };
  issuer.publish({ ...(await exportJWK(pair.publicKey)), kid: 'rsa-1', use: 'sig', alg: 'RS256' });
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  weakRsa = weak.privateKey;
  issuer.publish({ ...(await exportJWK(weak.publicKey)), kid: 'weak-1', use: 'sig', alg: 'RS256' });
  const encryption = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  encryptionKey = encryption.privateKey;
  issuer.publish({ ...(await exportJWK(encryption.publicKey)), kid: 'enc-1', use: 'enc', alg: 'ECDH-ES' });
  attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
});
afterAll(async () => {
  await sample.close();
  await trapIssuer.close();
});
let weakRsa: KeyObject;
let trapIssuer: TestIssuer;
let encryptionKey: KeyObject;

const now = (): number => Math.floor(Date.now() / 1000);
const claims = (over: object = {}): object => ({
  iss: issuer.issuer,
  aud: issuer.audience,
  sub: 'someone',
  tenant_id: TENANT,
  privilege_level: 5,
  iat: now(),
  exp: now() + 600,
  ...over,
});

const es = (header: object = {}): object => ({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1', ...header });
const rs = (header: object = {}): object => ({ alg: 'RS256', typ: 'at+jwt', kid: 'rsa-1', ...header });
const good = (over: object = {}, header: object = {}): Promise<string> =>
  issuer.token({ tenant_id: TENANT, ...over }, header);

async function ask(
  token: string,
  scheme = 'Bearer',
): Promise<{ status: number; code?: string; text: string; challenge: string | null }> {
  const answer = await fetch(`${sample.url}/api/v1/things/whoami`, {
    headers: token === '' ? {} : { authorization: `${scheme} ${token}` },
  });
  const text = await answer.text();
  const code = (JSON.parse(text) as { code?: string }).code;
  return { status: answer.status, code, text, challenge: answer.headers.get('www-authenticate') };
}

type Row = [what: string, make: () => string];

/** What needs keys that the issuer does not sign with, and yet publishes. */
const OTHER_KEYS: Row[] = [
  ...['pem', 'jwk', 'n'].map((form): Row => [
    `HS256 with the RSA key's ${form}`,
    () => forge(rs({ alg: 'HS256' }), claims(), createSecretKey(Buffer.from(secretOf(form)))),
  ]),
  ['RS512 with the right RSA key', () => forge(rs({ alg: 'RS512' }), claims(), rsa, 'sha512')],
  ['PS256', () => forge(rs({ alg: 'PS256' }), claims(), rsa)],
  ['the RSA key under ES256', () => forge(rs({ alg: 'ES256' }), claims(), rsa)],
  ['the kid of the RSA key, signed by EC', () => forge(rs({ alg: 'ES256' }), claims(), attacker)],
  ['an RSA key of 1024 bits', () => forge(rs({ kid: 'weak-1' }), claims(), weakRsa)],
  ['a key that is for encryption', () => forge(es({ kid: 'enc-1' }), claims(), encryptionKey)],
];
const secretOf = (form: string): string =>
  form === 'pem' ? rsaPublic.pem : form === 'jwk' ? JSON.stringify(rsaPublic) : (rsaPublic.n ?? '');

/** Where a token that names its own keys would make us look. */
const trap = (): string => trapIssuer.issuer;
const forger = (): Forger => new Forger(issuer, { sub: 'someone', tenant_id: TENANT, privilege_level: 5 }, trap());

describe('a forged token is refused', () => {
  it('whatever it looks like', async () => {
    const own = OTHER_KEYS.map(([says, token]) => ({ says, token, status: 401, code: 'UNAUTHORIZED' }));
    const none = { says: 'none', token: () => '', status: 401, code: 'UNAUTHORIZED' };
    const all = [...forger().all(), ...own, none];
    expect(all.length).toBeGreaterThanOrEqual(100);
    for (const { says, token, status, code } of all) {
      const got = await ask(token());
      expect({ says, status: got.status, code: got.code }).toEqual({ says, status, code });
      if (status === 401) expect(got.challenge).toMatch(/^Bearer/);
    }
  });

  it.each(['Basic', 'DPoP', 'bearerx', 'Token', ''])('the scheme %j', async (scheme) => {
    expect(await ask(await good(), scheme)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
  });

  it('and told so: of an error only where a token was brought', async () => {
    expect((await ask('')).challenge).toBe('Bearer');
    for (const token of ['abc', await good({ exp: now() - 61 })])
      expect((await ask(token)).challenge).toBe('Bearer error="invalid_token"');
  });

  it('a token in the query or in a cookie', async () => {
    const token = await good();
    const url = `${sample.url}/api/v1/things/whoami`;
    expect((await fetch(`${url}?access_token=${token}`)).status).toBe(401);
    expect((await fetch(url, { headers: { cookie: `access_token=${token}` } })).status).toBe(401);
  });

  it('and nobody asked for the keys that the token itself named', () => {
    expect(trapIssuer.keyFetches).toBe(0);
  });

  it('and which check failed is not told', async () => {
    const texts = await Promise.all(
      [forge(es(), claims(), attacker), forge(es({ kid: 'nobody' }), claims(), attacker), await good({ aud: 'x' })].map(
        async (token) => {
          const { message } = JSON.parse((await ask(token)).text) as { message: string };
          return message;
        },
      ),
    );
    expect(new Set(texts)).toEqual(new Set(['The token is not valid.']));
  });
});

describe('a good token passes', () => {
  it.each<[string, () => Promise<string> | string]>([
    ['ES256, at+jwt', () => good()],
    ['ES256, JWT as Keycloak has it', () => good({ typ: 'Bearer' }, { typ: 'JWT' })],
    ['application/at+jwt', () => good({}, { typ: 'application/at+jwt' })],
    ['RS256', () => forge(rs(), claims(), rsa)],
    ['one audience of several', () => good({ aud: ['account', issuer.audience] })],
    ['expired within the leeway', () => good({ exp: now() - 3 })],
  ])('%s', async (_what, make) => {
    expect(await ask(await make())).toMatchObject({ status: 200 });
  });

  it('and becomes the actor', async () => {
    const claimed = {
      sub: 'u-1',
      tenant_id: TENANT.toUpperCase(),
      privilege_level: 4,
      realm_access: { roles: ['approver', 'offline_access', 'admin'] },
      preferred_username: 'Ada',
      email: 'ada@example.com',
      azp: 'console',
      department: 'risk',
      groups: ['a', 1, 'b', 'x'.repeat(300)],
      long: 'x'.repeat(256),
      nested: { department: 'x' },
    };
    expect(JSON.parse((await ask(await good(claimed))).text)).toEqual({
      sub: 'u-1',
      expires_at: expect.any(Number),
      tenant_id: TENANT,
      privilege_level: 4,
      roles: ['admin', 'approver'],
      name: 'Ada',
      client_id: 'console',
      claims: { department: ['risk'], groups: ['a', 'b'] },
    });
  });

  it('with the least level and no role where it says nothing', async () => {
    expect(JSON.parse((await ask(await good())).text)).toMatchObject({
      privilege_level: 1,
      roles: [],
      name: 'someone',
    });
  });

  it('with no role where its roles are none', async () => {
    for (const { says, token } of forger().withoutRoles()) {
      const { roles } = JSON.parse((await ask(token())).text) as { roles: unknown };
      expect([says, roles]).toEqual([says, []]);
    }
  });
});

describe("the issuer's keys", () => {
  it('are not fetched again for each unknown kid', async () => {
    await ask(await good());
    const before = issuer.keyFetches;
    await Promise.all(Array.from({ length: 50 }, (_, i) => ask(forge(es({ kid: `x${i}` }), claims(), attacker))));
    expect(issuer.keyFetches - before).toBeLessThanOrEqual(1);
  });

  it('that cannot be had are our fault, not the token’s: 503, and it heals by itself', async () => {
    const other = await startSample();
    const port = new URL(other.issuer.issuer).port;
    const token = await other.issuer.token({ tenant_id: TENANT });
    await other.issuer.close();
    const whoami = () => fetch(`${other.url}/api/v1/things/whoami`, { headers: { authorization: `Bearer ${token}` } });
    const answer = await whoami();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(await answer.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    const back = await TestIssuer.start(Number(port), other.issuer);
    await eventually(async () => (await whoami()).status === 200, 'tokens being taken again');
    await other.service.close();
    await back.close();
  });

  it.each(['a key set that is none', 'a discovery document of another issuer'])('%s: 503', async (what) => {
    const wrong = await TestIssuer.start();
    const env: Record<string, string> = what.startsWith('a key')
      ? { ...wrong.env, AUMOS_AGF_OIDC_JWKS_URL: `${wrong.issuer}/.well-known/openid-configuration` }
      : { ...wrong.env, AUMOS_AGF_OIDC_ISSUER: wrong.issuer.replace('127.0.0.1', 'localhost') };
    const logs = { write: () => undefined };
    const service = await createService({
      name: 's',
      settings: sampleSettings,
      module: () => ThingsModule,
      env: { ...env, AUMOS_AGF_PORT: '0' },
      logs,
    });
    const url = await service.listen();
    const headers = {
      authorization: `Bearer ${await wrong.token({ tenant_id: TENANT, iss: env['AUMOS_AGF_OIDC_ISSUER'] })}`,
    };
    expect((await fetch(`${url}/api/v1/things/whoami`, { headers })).status).toBe(503);
    await service.close();
    await wrong.close();
  });

  it('keys of other kinds do no harm', async () => {
    const { publicKey } = await generateKeyPair('EdDSA');
    issuer.publish({ ...(await exportJWK(publicKey)), kid: 'ed-1' });
    expect(await ask(await good())).toMatchObject({ status: 200 });
  });
});
