import { createHash, randomBytes } from 'node:crypto';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from '@aumos/agf-testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose';
import { ACCOUNTS, type AccountName, SERVICE_CLIENT, TENANTS } from '../src/issuer/accounts.js';
import { AUDIENCE, CLI_CLIENT, CONSOLE_CLIENT } from '../src/issuer/configuration.js';
import { mintToken } from '../src/issuer/mint-token.js';
import { HOST, choosePort } from '../src/state/ports.js';
import { State } from '../src/state/state.js';

const MAIN = fileURLToPath(new URL('../dist/issuer/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'agf-issuer-'));
const keysFile = join(folder, 'keys.json');
const REDIRECT = 'http://127.0.0.1:45678/callback';
let issuer: string;
let port: number;
let child: ChildProcess;

const begin = (env: Record<string, string> = {}): ChildProcess =>
  spawn(process.execPath, [MAIN], {
    env: { ...process.env, AGF_ISSUER_HOST: HOST, AGF_ISSUER_PORT: String(port), AGF_ISSUER_KEYS: keysFile, ...env },
    stdio: 'ignore',
  });
const ended = (process: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => process.once('exit', resolve));
async function start(): Promise<void> {
  child = begin();
  await eventually(async () => (await fetch(`${issuer}/.well-known/openid-configuration`)).ok);
}
const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  headers,
});
const claimsOf = async (token: string): Promise<JWTPayload> => {
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
  return (await jwtVerify(token, keys, { issuer, audience: AUDIENCE, algorithms: ['ES256'], typ: 'at+jwt' })).payload;
};
const tokenRequest = async (init: RequestInit): Promise<Record<string, string>> =>
  (await (await fetch(`${issuer}/token`, init)).json()) as Record<string, string>;

/** A browser without a window: follows by hand, keeps cookies. */
function browser(): (url: string, init?: RequestInit) => Promise<Response> {
  const jar = new Map<string, string>();
  return async (url, init = {}) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const response = await fetch(new URL(url, issuer), { redirect: 'manual', ...init, headers });
    for (const each of response.headers.getSetCookie()) {
      const [pair = ''] = each.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
}
const locationOf = (response: Response): string => response.headers.get('location') ?? '';

beforeAll(async () => {
  port = await choosePort(new State(join(folder, 'state.json')), 'issuer');
  issuer = `http://${HOST}:${String(port)}`;
  await start();
});
afterAll(async () => {
  child.kill();
  await ended(child);
  rmSync(folder, { recursive: true });
});

describe('the development issuer', () => {
  it.each(Object.entries(ACCOUNTS))('mints a token for %s that says what the platform reads', async (name, account) => {
    const claims = await claimsOf(await mintToken(issuer, name as AccountName));
    expect(claims).toMatchObject({
      sub: name,
      tenant_id: TENANTS[account.tenant],
      privilege_level: account.privilege_level,
      realm_access: { roles: account.roles },
      preferred_username: name,
      email: `${name}@${account.tenant}.example`,
      scope: 'agf',
    });
  });

  it('knows nobody else', async () => {
    await expect(mintToken(issuer, 'mallory' as AccountName)).rejects.toThrow('unknown account');
    await expect(mintToken(issuer, 'constructor' as AccountName)).rejects.toThrow('unknown account');
  });

  it('keeps its keys for its owner alone, so that tokens outlive a restart', async () => {
    const token = await mintToken(issuer, 'acme-viewer');
    child.kill('SIGKILL');
    await ended(child);
    await start();
    expect((await claimsOf(token)).sub).toBe('acme-viewer');
    const next = await mintToken(issuer, 'acme-viewer');
    expect(decodeProtectedHeader(next).kid).toBe(decodeProtectedHeader(token).kid);
    expect(statSync(keysFile).mode & 0o777).toBe(0o600);
  });

  it('publishes no private key', async () => {
    const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('gives a service a token for its secret, and for no other', async () => {
    const { service_secret } = JSON.parse(readFileSync(keysFile, 'utf8')) as { service_secret: string };
    const as = (secret: string): RequestInit =>
      form(
        { grant_type: 'client_credentials', scope: 'agf' },
        { authorization: `Basic ${Buffer.from(`${SERVICE_CLIENT}:${secret}`).toString('base64')}` },
      );
    const { access_token = '' } = await tokenRequest(as(service_secret));
    expect(await claimsOf(access_token)).toMatchObject({
      sub: SERVICE_CLIENT,
      tenant_id: TENANTS.acme,
      privilege_level: 3,
    });
    expect((await tokenRequest(as('guessed'))).error).toBe('invalid_client');
  });

  it('logs a person in by code and PKCE, and insists on PKCE', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const query = {
      client_id: CONSOLE_CLIENT,
      response_type: 'code',
      scope: 'openid profile agf',
      redirect_uri: REDIRECT,
    };
    const challenge = {
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    const go = browser();
    const login = locationOf(await go(`/auth?${String(new URLSearchParams({ ...query, ...challenge }))}`));
    expect(await (await go(login)).text()).toContain('Not for production');
    let next = locationOf(await go(login, form({ account: 'globex-admin' })));
    while (!next.startsWith(REDIRECT)) next = locationOf(await go(next));
    const code = new URL(next).searchParams.get('code') ?? '';
    const exchange = { grant_type: 'authorization_code', client_id: CONSOLE_CLIENT, code, redirect_uri: REDIRECT };
    const { access_token = '' } = await tokenRequest(form({ ...exchange, code_verifier: verifier }));
    expect(await claimsOf(access_token)).toMatchObject({ sub: 'globex-admin', tenant_id: TENANTS.globex });
    const refused = await fetch(`${issuer}/auth?${String(new URLSearchParams(query))}`, { redirect: 'manual' });
    expect(locationOf(refused)).toContain('PKCE');
  });

  it('logs a device in once a person has said yes', async () => {
    const device = (await (
      await fetch(`${issuer}/device/auth`, form({ client_id: CLI_CLIENT, scope: 'openid agf' }))
    ).json()) as Record<string, string>;
    const grant = 'urn:ietf:params:oauth:grant-type:device_code';
    const poll = (): Promise<Record<string, string>> =>
      tokenRequest(form({ grant_type: grant, client_id: CLI_CLIENT, device_code: device.device_code ?? '' }));
    expect((await poll()).error).toBe('authorization_pending');
    const go = browser();
    const xsrfOf = (html: string): string => /name="xsrf" value="(\w+)"/.exec(html)?.[1] ?? '';
    const user_code = device.user_code ?? '';
    const page = await (await go(device.verification_uri_complete ?? '')).text();
    const sure = await (await go('/device', form({ xsrf: xsrfOf(page), user_code }))).text();
    let next = locationOf(await go('/device', form({ xsrf: xsrfOf(sure) || xsrfOf(page), user_code, confirm: 'yes' })));
    next = locationOf(await go(next, form({ account: 'acme-admin' })));
    while (next) next = locationOf(await go(next));
    expect(await claimsOf((await poll()).access_token ?? '')).toMatchObject({ sub: 'acme-admin', privilege_level: 5 });
  });

  it('does not start in production, nor on any address but loopback', async () => {
    expect(await ended(begin({ NODE_ENV: 'production' }))).not.toBe(0);
    expect(await ended(begin({ AGF_ISSUER_HOST: '0.0.0.0' }))).not.toBe(0);
  });
});
