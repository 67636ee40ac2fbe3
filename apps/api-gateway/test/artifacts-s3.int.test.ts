import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type S3Options } from '@aumos/agf-persistence';
import { type FreshDatabase, freshDatabase, type S3Server, startS3Server } from '@aumos/agf-persistence/testing';
import { TestIssuer } from '@aumos/agf-platform/testing';
import { testStack } from '@aumos/agf-testing';
import { listening } from './support/listening.js';

const MAIN = path.resolve(import.meta.dirname, '../dist/main.js');
const MIB = 1024 * 1024;

/** The built gateway, as it is run anywhere: by its environment alone. */
describe('the gateway with its artifacts in S3', () => {
  let database: FreshDatabase;
  let issuer: TestIssuer;
  let server: S3Server;
  let s3: Required<S3Options>;
  let gateway: ChildProcess;
  let url: string;
  let environment: Record<string, string>;

  const start = (more: Record<string, string>): ChildProcess =>
    spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], ...environment, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  beforeAll(async () => {
    [database, issuer, server] = await Promise.all([freshDatabase(), TestIssuer.start(), startS3Server()]);
    s3 = await server.bucket();
    environment = {
      ...issuer.env,
      AUMOS_AGF_PORT: '0',
      AUMOS_AGF_DATABASE_URL: database.appUrl,
      AUMOS_AGF_REDIS_URL: testStack().redis,
      AUMOS_AGF_SECRETS_KEY: randomBytes(32).toString('base64'),
      AUMOS_AGF_HITL_APPROVAL_URL: 'http://127.0.0.1:1',
      AUMOS_AGF_CIRCUIT_BREAKER_MONITOR_URL: 'http://127.0.0.1:1',
      AUMOS_AGF_ARTIFACT_MAX_BYTES: String(7 * MIB),
    };
    gateway = start({
      AUMOS_AGF_ARTIFACT_STORE: 's3',
      AUMOS_AGF_ARTIFACT_S3_BUCKET: s3.bucket,
      AUMOS_AGF_ARTIFACT_S3_REGION: s3.region,
      AUMOS_AGF_ARTIFACT_S3_ENDPOINT: s3.endpoint,
      AUMOS_AGF_ARTIFACT_S3_FORCE_PATH_STYLE: 'true',
      AUMOS_AGF_ARTIFACT_S3_ACCESS_KEY: s3.credentials.accessKeyId,
      AUMOS_AGF_ARTIFACT_S3_SECRET_KEY: s3.credentials.secretAccessKey,
    });
    url = await listening(gateway);
  }, 300_000);
  afterAll(async () => {
    const ended = once(gateway, 'exit');
    gateway.kill('SIGTERM');
    await ended;
    await server.stop();
    await issuer.close();
    await database.drop();
  });

  const as = async (tenant_id: string): Promise<(method: string, path: string, body?: Buffer) => Promise<Response>> => {
    const token = await issuer.token({ tenant_id, privilege_level: 3, realm_access: { roles: ['developer'] } });
    const authorization = `Bearer ${token}`;
    return (method, route, body) => {
      const headers: Record<string, string> = body ? { authorization, 'content-type': 'text/csv' } : { authorization };
      return fetch(`${url}/api/v1/artifacts${route}`, { method, headers, body });
    };
  };

  it('stores, gives back and deletes, for the tenant alone', async () => {
    const [mine, theirs] = [await as(randomUUID()), await as(randomUUID())];
    const bytes = randomBytes(6 * MIB + 7);
    const made = await mine('POST', '?name=data.csv', bytes);
    expect(made.status).toBe(201);
    const artifact = (await made.json()) as { id: string };
    expect(artifact).toMatchObject({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    const content = await mine('GET', `/${artifact.id}/content`);
    expect(Buffer.from(await content.arrayBuffer()).equals(bytes)).toBe(true);
    for (const [method, route] of [
      ['GET', ''],
      ['GET', '/content'],
      ['DELETE', ''],
    ] as const)
      expect((await theirs(method, `/${artifact.id}${route}`)).status).toBe(404);
    expect((await mine('DELETE', `/${artifact.id}`)).status).toBe(204);
    expect((await mine('GET', `/${artifact.id}/content`)).status).toBe(404);
  });

  it('refuses what is too long', async () => {
    const mine = await as(randomUUID());
    expect((await mine('POST', '?name=data.csv', randomBytes(8 * MIB))).status).toBe(413);
    expect(await (await mine('GET', '')).json()).toMatchObject({ total: 0 });
  });

  it('says in /ready that S3 answers', async () => {
    const ready = await fetch(`${url}/ready`);
    expect([ready.status, JSON.stringify(await ready.json())]).toEqual([200, expect.stringContaining('s3')]);
  });

  it('does not start without what belongs together, and says what is missing', async () => {
    const lacking = start({ AUMOS_AGF_ARTIFACT_STORE: 's3' });
    let said = '';
    lacking.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(lacking, 'close')) as [number];
    expect(code).toBe(78);
    expect(said).toContain('AUMOS_AGF_ARTIFACT_S3_BUCKET: missing, needed for AUMOS_AGF_ARTIFACT_STORE=s3');
    expect(said).toContain('AUMOS_AGF_ARTIFACT_S3_REGION: missing');
  });
});
