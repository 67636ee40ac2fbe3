import { createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIENCE, TENANTS } from '@aumos/agf-devstack';
import { Client } from '@aumos/agf-test-support';
import { world } from '../system.js';

type Jwk = JsonWebKey & { kid: string };

/** The system's issuer, with the key that it signs with: tests are anybody. */
export interface SystemIssuer {
  issuer: string;
  audience: string;
  kid: string;
  key: KeyObject;
}

export function systemIssuer(): SystemIssuer {
  const { jwks } = JSON.parse(readFileSync(join(world().home, 'issuer-keys.json'), 'utf8')) as {
    jwks: { keys: [Jwk] };
  };
  const [jwk] = jwks.keys;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return { issuer: world().local.issuer, audience: AUDIENCE, kid: jwk.kid, key };
}

export interface Person {
  sub: string;
  /** default: acme's */
  tenant?: string;
  roles?: readonly string[];
  level?: number;
  /** more claims */
  claims?: Record<string, unknown>;
}

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as the issuer would give it. */
export function tokenOf({ sub, tenant = TENANTS.acme, roles = [], level = 1, claims = {} }: Person): string {
  const { issuer, audience, kid, key } = systemIssuer();
  const iat = Math.floor(Date.now() / 1000);
  const own = { iss: issuer, aud: audience, sub, iat, exp: iat + 3600, tenant_id: tenant, privilege_level: level };
  const payload = { ...own, realm_access: { roles }, ...claims };
  const input = `${b64({ alg: 'ES256', typ: 'at+jwt', kid })}.${b64(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

/** Anybody at all, at the gateway. */
export const person = (who: Person): Client => new Client(world().local.gateway, tokenOf(who));
