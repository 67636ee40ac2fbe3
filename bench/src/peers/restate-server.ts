import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFolder, execute, placesOf } from '@aumos/agf-devstack';
import { eventually } from '@aumos/agf-testing';

const VERSION = '1.7.12';

export interface RestateServer {
  admin: string;
  ingress: string;
  close(): Promise<void>;
}

/** The server's program of npm, kept with what devstack fetches: 80 MB that nobody but these benchmarks needs. */
async function program(): Promise<string> {
  const name = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  const folder = await cachedFolder(join(placesOf().cache, `restate-${VERSION}`), async (aside) => {
    writeFileSync(join(aside, 'package.json'), '{"private":true}');
    const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    await execute({ program: 'npm', args: ['install', '--prefix', aside, ...quiet, `${name}@${VERSION}`], cwd: aside });
  });
  return join(folder, 'node_modules', name, 'bin/restate-server');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

const isUp = async (url: string): Promise<boolean> => (await fetch(url)).ok;

/** One node with what it keeps in a folder of its own; its defaults, but for addresses. */
export async function restateServer(): Promise<RestateServer> {
  const file = await program();
  const folder = mkdtempSync(join(tmpdir(), 'agf-restate-'));
  const [node, admin, ingress] = [await freePort(), await freePort(), await freePort()].map(
    (port) => `127.0.0.1:${String(port)}`,
  );
  const child = spawn(file, ['--no-logo', '--node-name', 'bench', '--base-dir', folder], {
    env: {
      PATH: process.env['PATH'],
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_ADDRESS: node,
      RESTATE_ADVERTISED_ADDRESS: `http://${String(node)}`,
      RESTATE_ADMIN__BIND_ADDRESS: admin,
      RESTATE_INGRESS__BIND_ADDRESS: ingress,
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'off',
    },
    stdio: 'ignore',
  });
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  };
  const urls = { admin: `http://${String(admin)}`, ingress: `http://${String(ingress)}` };
  try {
    await eventually(() => isUp(`${urls.admin}/health`), 'Restate to start', { timeoutMs: 60_000 });
    await eventually(() => isUp(`${urls.ingress}/restate/health`), 'Restate to serve', { timeoutMs: 60_000 });
  } catch (error) {
    await close();
    throw error;
  }
  return { ...urls, close };
}
