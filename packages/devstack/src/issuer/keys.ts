import { exportJWK, generateKeyPair, calculateJwkThumbprint, type JWK } from 'jose';
import { randomBytes } from 'node:crypto';
import { readJson, writeJson } from '../state/json-file.js';

export interface IssuerKeys {
  /** private keys; the first one signs */
  jwks: { keys: JWK[] };
  /** signs the login's cookies */
  cookie: string;
  /** of the client that {@link SERVICE_CLIENT} names */
  service_secret: string;
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, use: 'sig', alg: 'ES256', kid: await calculateJwkThumbprint(key) };
}

/** Made once on this machine and kept for their owner alone: a token outlives a restart of the issuer. */
export async function keptKeys(file: string): Promise<IssuerKeys> {
  const kept = readJson(file) as IssuerKeys | undefined;
  if (kept) return kept;
  const random = (): string => randomBytes(32).toString('base64url');
  const keys = { jwks: { keys: [await signingKey()] }, cookie: random(), service_secret: random() };
  writeJson(file, keys, 0o600);
  return keys;
}
