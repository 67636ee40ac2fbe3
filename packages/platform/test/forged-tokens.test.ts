import { createHmac, createSecretKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, UnsecuredJWT } from 'jose';
import { eventually } from '@aumos/agf-testing';
import { createService } from '../src/index.js';
import { TestIssuer } from '../src/testing/index.js';
import { ThingsModule } from './support/sample-app.js';
import { type Sample, sampleSettings, startSample, TENANT } from './support/sample-service.js';

let sample: Sample;
let issuer: TestIssuer;
let rsa: KeyObject;
let rsaPublic: JWK & { pem: string };
let attacker: KeyObject;
let attackerJwk: JWK;

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
  const bad = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  attacker = bad.privateKey;
  attackerJwk = await exportJWK(bad.publicKey);
});
afterAll(async () => {
  await sample.close();
  await trapIssuer.close();
});
let weakRsa: KeyObject;
let trapIssuer: TestIssuer;
let encryptionKey: KeyObject;

const now = (): number => Math.floor(Date.now() / 1000);
const b64 = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
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

/** Signs whatever it is given, however wrong. */
function forge(header: object, payload: object | string, key: KeyObject, hash = 'sha256'): string {
  const input = `${b64(header)}.${b64(payload)}`;
  const dsaEncoding = 'ieee-p1363' as const;
  const signature =
    key.type === 'secret'
      ? createHmac(hash, key).update(input).digest()
      : sign(hash, Buffer.from(input), { key, dsaEncoding });
  return `${input}.${signature.toString('base64url')}`;
}
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

type Forgery = [what: string, make: () => Promise<string> | string, status?: number, code?: string];

const ALGORITHMS: Forgery[] = [
  ['alg none, unsigned', () => new UnsecuredJWT(claims() as never).encode()],
  ['alg none with the right kid', () => `${b64(es({ alg: 'none' }))}.${b64(claims())}.`],
  ['alg NONE', () => `${b64(es({ alg: 'NONE' }))}.${b64(claims())}.`],
  [
    'alg none with a good signature',
    async () => `${b64(es({ alg: 'none' }))}.${(await good()).split('.').slice(1).join('.')}`,
  ],
  [
    'HS256 with the public key in PEM',
    () => forge(rs({ alg: 'HS256' }), claims(), createSecretKey(Buffer.from(rsaPublic.pem))),
  ],
  [
    'HS256 with the public key as JWK',
    () => forge(rs({ alg: 'HS256' }), claims(), createSecretKey(Buffer.from(JSON.stringify(rsaPublic)))),
  ],
  [
    'HS256 with the modulus',
    () => forge(rs({ alg: 'HS256' }), claims(), createSecretKey(Buffer.from(rsaPublic.n ?? '', 'base64url'))),
  ],
  ['HS512', () => forge(rs({ alg: 'HS512' }), claims(), createSecretKey(Buffer.alloc(64)), 'sha512')],
  ['RS512 with the right RSA key', () => forge(rs({ alg: 'RS512' }), claims(), rsa, 'sha512')],
  ['PS256', () => forge(rs({ alg: 'PS256' }), claims(), rsa)],
  ['ES384', () => forge(es({ alg: 'ES384' }), claims(), attacker, 'sha384')],
  ['EdDSA', () => forge(es({ alg: 'EdDSA' }), claims(), attacker)],
  ['the RSA key under ES256', () => forge(rs({ alg: 'ES256' }), claims(), rsa)],
  ['the kid of the RSA key, signed by EC', () => forge(rs({ alg: 'ES256' }), claims(), attacker)],
  ['an RSA key of 1024 bits', () => forge(rs({ kid: 'weak-1' }), claims(), weakRsa)],
  ['a key that is for encryption', () => forge(es({ kid: 'enc-1' }), claims(), encryptionKey)],
  ['no alg', () => forge({ typ: 'at+jwt', kid: 'key-1' }, claims(), attacker)],
];

const SIGNATURES: Forgery[] = [
  ['a foreign key under our kid', () => forge(es(), claims(), attacker)],
  ['an unknown kid', () => forge(es({ kid: 'nobody' }), claims(), attacker)],
  ['no kid', () => forge({ alg: 'ES256', typ: 'at+jwt' }, claims(), attacker)],
  ['a kid that is a path', () => forge(es({ kid: '../../dev/null' }), claims(), attacker)],
  ['a kid that is a statement', () => forge(es({ kid: "' OR 1=1 --" }), claims(), attacker)],
  ['a kid that is no text', () => forge(es({ kid: ['key-1'] }), claims(), attacker)],
  ['its own key in jwk', () => forge(es({ jwk: attackerJwk }), claims(), attacker)],
  ['its own key set in jku', () => forge(es({ jku: `${trap()}/jwks` }), claims(), attacker)],
  ['its own certificate in x5u', () => forge(es({ x5u: `${trap()}/jwks` }), claims(), attacker)],
  ['its own certificate in x5c', () => forge(es({ x5c: ['MIIB'] }), claims(), attacker)],
  ['a swapped payload', async () => withPart(await good(), 1, b64(claims({ sub: 'admin' })))],
  ['a swapped header', async () => withPart(await good(), 0, b64(es({ x: 1 })))],
  ['no signature', async () => withPart(await good(), 2, '')],
  [
    'a signature of zeros (CVE-2022-21449)',
    async () => withPart(await good(), 2, Buffer.alloc(64).toString('base64url')),
  ],
  ['a cut signature', async () => (await good()).slice(0, -4)],
  [
    'the signature of another token',
    async () => withPart(await good(), 2, (await good({ sub: 'x' })).split('.')[2] ?? ''),
  ],
  ['crit with an unknown extension', () => forge(rs({ crit: ['x-mine'], 'x-mine': 1 }), claims(), rsa)],
  ['crit with an extension that is not there', () => forge(rs({ crit: ['x-mine'] }), claims(), rsa)],
  ['an empty crit', () => forge(rs({ crit: [] }), claims(), rsa)],
  ['crit that is no list', () => forge(rs({ crit: 'exp' }), claims(), rsa)],
  ['a payload that is not encoded (b64 false)', () => forge(rs({ b64: false, crit: ['b64'] }), claims(), rsa)],
];

const SHAPES: Forgery[] = [
  ['no token', () => ''],
  ['a word', () => 'abc'],
  ['two parts', async () => (await good()).split('.').slice(0, 2).join('.')],
  ['four parts', async () => `${await good()}.x`],
  ['five parts, as if encrypted', () => 'eyJhbGciOiJkaXIifQ..a.b.c'],
  ['a header that is no JSON', async () => withPart(await good(), 0, b64('{'))],
  ['a payload that is no object', () => forge(es(), '"text"', attacker)],
  ['10,000 characters', () => good({ filler: 'x'.repeat(7500) })],
  ['characters that are not base64url', async () => (await good()).replace('.', '!.')],
  ['a JSON serialisation', async () => b64({ payload: (await good()).split('.')[1], signatures: [] })],
];

const CLAIMS: Forgery[] = [
  ['expired', () => good({ exp: now() - 61, iat: now() - 3600 }), 401, 'TOKEN_EXPIRED'],
  ['expired beyond the leeway', () => good({ exp: now() - 15 }), 401, 'TOKEN_EXPIRED'],
  ['no exp', () => good({ exp: undefined })],
  ['exp that is a text', () => good({ exp: String(now() + 600) as never })],
  ['nbf in the future', () => good({ nbf: now() + 120 })],
  ['iat in the future', () => good({ iat: now() + 120, exp: now() + 600 })],
  ['no iat', () => good({ iat: undefined })],
  ['another issuer', () => good({ iss: 'https://evil.example' })],
  ['the issuer with a slash', () => good({ iss: `${issuer.issuer}/` })],
  ['no issuer', () => good({ iss: undefined })],
  ['another audience', () => good({ aud: 'account' })],
  ['an audience that begins like ours', () => good({ aud: `${issuer.audience}-2` })],
  ['no audience', () => good({ aud: undefined })],
  ['no subject', () => good({ sub: undefined })],
  ['an empty subject', () => good({ sub: '  ' })],
  ['a subject without end', () => good({ sub: 's'.repeat(256) })],
  ['a subject with NUL', () => good({ sub: 'some\0one' })],
  ['a subject with a line break', () => good({ sub: 'some\none' })],
  ['a subject with half of a pair', () => good({ sub: 'a\ud800' })],
  ['a name with NUL', () => good({ preferred_username: 'a\0' })],
  ['an address with a control character', () => good({ email: 'a\u0085@b' })],
  ['no tenant', () => good({ tenant_id: undefined }), 403, 'MISSING_TENANT_CLAIM'],
  ['an empty tenant', () => good({ tenant_id: '' }), 403, 'MISSING_TENANT_CLAIM'],
  ['a tenant that is no uuid', () => good({ tenant_id: 'acme' }), 403, 'MISSING_TENANT_CLAIM'],
  ['a tenant that is a list', () => good({ tenant_id: [TENANT] as never }), 403, 'MISSING_TENANT_CLAIM'],
  ['a tenant with a statement', () => good({ tenant_id: `${TENANT}' OR 1=1` }), 403, 'MISSING_TENANT_CLAIM'],
  ['the nil tenant', () => good({ tenant_id: '00000000-0000-0000-0000-000000000000' }), 403, 'MISSING_TENANT_CLAIM'],
  ['level 6', () => good({ privilege_level: 6 })],
  ['level 0', () => good({ privilege_level: 0 })],
  ['level 2.5', () => good({ privilege_level: 2.5 })],
  ['level "5"', () => good({ privilege_level: '5' as never })],
];

const KINDS: Forgery[] = [
  ['an ID token by its at_hash', () => good({ at_hash: 'x' }, { typ: 'JWT' })],
  ["Keycloak's ID token", () => good({ typ: 'ID' }, { typ: 'JWT' })],
  ["Keycloak's refresh token", () => good({ typ: 'Refresh' }, { typ: 'JWT' })],
  ['a logout token', () => good({ events: {} }, { typ: 'logout+jwt' })],
  ['a logout token that says JWT', () => good({ events: {} }, { typ: 'JWT' })],
  ['a DPoP proof', () => good({}, { typ: 'dpop+jwt' })],
  ['a token bound to a key', () => good({ cnf: { jkt: 'x' } })],
  ['no typ', () => good({}, { typ: undefined })],
];

const withPart = (token: string, at: number, part: string): string =>
  token
    .split('.')
    .map((each, i) => (i === at ? part : each))
    .join('.');
/** Where a token that names its own keys would make us look. */
const trap = (): string => trapIssuer.issuer;

describe('a forged token is refused', () => {
  describe.each([
    ['algorithms', ALGORITHMS],
    ['signatures and keys', SIGNATURES],
    ['shapes', SHAPES],
    ['claims', CLAIMS],
    ['kinds', KINDS],
  ])('%s', (_group, forgeries) => {
    it.each(forgeries)('%s', async (_what, make, status = 401, code = 'UNAUTHORIZED') => {
      const got = await ask(await make());
      expect({ status: got.status, code: got.code }).toEqual({ status, code });
      if (status === 401) expect(got.challenge).toMatch(/^Bearer/);
    });
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
    };
    expect(JSON.parse((await ask(await good(claimed))).text)).toEqual({
      sub: 'u-1',
      expires_at: expect.any(Number),
      tenant_id: TENANT,
      privilege_level: 4,
      roles: ['admin', 'approver'],
      name: 'Ada',
    });
  });

  it('with the least level and no role where it says nothing', async () => {
    expect(JSON.parse((await ask(await good())).text)).toMatchObject({
      privilege_level: 1,
      roles: [],
      name: 'someone',
    });
  });

  it.each([{ roles: 'admin' }, { roles: { 0: 'admin' } }, 'admin', null])(
    'roles given as %j are none',
    async (realm) => {
      expect(JSON.parse((await ask(await good({ realm_access: realm }))).text)).toMatchObject({ roles: [] });
    },
  );
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

  it('there are at least 40 forgeries in the table', () => {
    expect([ALGORITHMS, SIGNATURES, SHAPES, CLAIMS, KINDS].flat().length).toBeGreaterThanOrEqual(40);
  });

  it('keys of other kinds do no harm', async () => {
    const { publicKey } = await generateKeyPair('EdDSA');
    issuer.publish({ ...(await exportJWK(publicKey)), kid: 'ed-1' });
    expect(await ask(await good())).toMatchObject({ status: 200 });
  });
});
