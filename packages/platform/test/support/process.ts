import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from '@aumos/agf-testing';

export interface Running {
  process: ChildProcess;
  /** undefined until it listens */
  url: string;
  stderr(): string;
  lines(): Record<string, unknown>[];
  /** exit code, or the signal that ended it */
  ended: Promise<number | string | null>;
}

const MAIN = fileURLToPath(new URL('../service/main.mjs', import.meta.url));

/** The sample service as a process of its own, from the built package. */
export function spawnSample(env: Record<string, string> = {}): Running {
  const all = { PATH: process.env['PATH'] ?? '', AUMOS_AGF_PORT: '0', ...env };
  const child = spawn(process.execPath, [MAIN], { env: all, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | string | null>((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? signal)),
  );
  const complete = (): string[] => out.split('\n').slice(0, -1);
  return {
    process: child,
    url: '',
    stderr: () => err,
    lines: () => complete().map((line) => JSON.parse(line) as Record<string, unknown>),
    ended,
  };
}

/** …once it listens. */
export async function startProcess(env: Record<string, string> = {}): Promise<Running> {
  const running = spawnSample(env);
  const line = await eventually(
    () => running.lines().find((each) => each['message'] === 'listening'),
    'the service listening',
  );
  running.url = String(line['url']);
  return running;
}
