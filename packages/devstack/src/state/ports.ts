import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type State } from './state.js';

export const HOST = '127.0.0.1';
/** Below 32768: no outgoing connection takes one while its service is down, and Temporal keeps ports in a smallint. */
export const PORT_RANGE = { first: 15_000, last: 32_767 } as const;
const FREE_WITHIN_MS = 5000;

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, HOST, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });

async function freePort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_RANGE.first, PORT_RANGE.last + 1);
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
}

/** A killed process holds its port until its last thread has ended, on a busy machine for a while. */
async function getsFree(port: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(50)) if (await isFree(port)) return true;
  return false;
}

/** A port that was chosen once is kept, so addresses survive a restart; only when a stranger took it, another one is chosen. */
export async function choosePort(state: State, name: string, withinMs = FREE_WITHIN_MS): Promise<number> {
  const kept = state.ports[name];
  if (kept !== undefined && (await getsFree(kept, withinMs))) return kept;
  const port = await freePort(Object.values(state.ports));
  state.setPort(name, port);
  return port;
}
