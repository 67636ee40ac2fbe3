import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@aumos/agf-testing';
import { type S3Options } from '../artifacts/s3/s3-options.js';

const VERSION = '3.0.0';
const REPOSITORY = path.resolve(import.meta.dirname, '../../../..');
const CACHE = process.env['AGF_CACHE_DIR'] ?? path.join(REPOSITORY, '.agf/cache');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>s3</artifactId><version>1</version><packaging>pom</packaging><dependencies>
<dependency><groupId>org.gaul</groupId><artifactId>s3proxy</artifactId><version>${VERSION}</version></dependency>
</dependencies></project>`;
const QUICK = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

export interface S3Server {
  /** a new bucket, with credentials that the server checks */
  bucket(): Promise<Required<S3Options>>;
  stop(): Promise<void>;
}

/** S3Proxy of Maven Central: the S3 protocol with signatures, over memory. Appears in the cache whole or not at all. */
async function jars(): Promise<string> {
  const folder = path.join(CACHE, `s3proxy-${VERSION}`);
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  const aside = await mkdtemp(`${folder}-`);
  try {
    const pom = path.join(aside, 'pom.xml');
    await writeFile(pom, POM);
    const m2 = path.join(aside, 'm2');
    const into = [`-Dmaven.repo.local=${m2}`, '-DincludeScope=runtime', `-DoutputDirectory=${aside}`];
    await promisify(execFile)('mvn', ['-B', '-q', '-ntp', '-f', pom, COPY, ...into]);
    await rm(m2, { recursive: true });
    await chmod(aside, 0o755);
    await rename(aside, folder).catch((error: unknown) => {
      // Somebody else was quicker.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function launch(endpoint: string, identity: string, credential: string): Promise<ChildProcess> {
  const folder = await mkdtemp(path.join(tmpdir(), 'agf-s3-'));
  const properties = path.join(folder, 's3.properties');
  await writeFile(
    properties,
    `s3proxy.authorization=aws-v4\ns3proxy.endpoint=${endpoint}\ns3proxy.identity=${identity}\n` +
      `s3proxy.credential=${credential}\njclouds.provider=transient-nio2\njclouds.identity=x\njclouds.credential=y\n`,
  );
  const classes = path.join(await jars(), '*');
  const args = [...QUICK, '-DLOG_LEVEL=warn', '-cp', classes, 'org.gaul.s3proxy.Main', '--properties', properties];
  const child = spawn('java', args, { stdio: 'ignore' });
  child.once('exit', () => void rm(folder, { recursive: true, force: true }));
  return child;
}

/** Starts a server of the suite's own. */
export async function startS3Server(): Promise<S3Server> {
  const endpoint = `http://127.0.0.1:${String(await freePort())}`;
  const credentials = { accessKeyId: 'agf-test', secretAccessKey: randomUUID() };
  const child = await launch(endpoint, credentials.accessKeyId, credentials.secretAccessKey);
  const reach = { endpoint, region: 'us-east-1', forcePathStyle: true, credentials };
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`the S3 server ended with ${String(child.exitCode)}`);
    return fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
  });
  return {
    async bucket() {
      const bucket = `agf-${randomUUID()}`;
      // Loaded here: most suites have no use for it.
      const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
      const client = new S3Client(reach);
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
      return { bucket, ...reach };
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}
