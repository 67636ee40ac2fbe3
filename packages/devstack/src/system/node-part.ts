import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../process/identity.js';
import { launch } from '../process/launch.js';
import { terminate } from '../process/terminate.js';
import { type Surroundings } from '../services/service.js';
import { HOST, choosePort } from '../state/ports.js';
import { type Part } from './part.js';
import { StartError } from '../start-error.js';

/** A program of this repository that serves HTTP. */
export interface NodeProgram {
  name: string;
  /** its main file */
  file: string;
  /** path that answers 200 once it serves */
  ready: string;
  /** its environment, complete */
  env: (port: number) => NodeJS.ProcessEnv;
}

const READY_WITHIN_MS = 90_000;
const ATTEMPTS = 3;
const TAIL_BYTES = 2000;

const answers = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

function endOf(file: string): string {
  const log = openSync(file, 'r');
  const { size } = fstatSync(log);
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(log, buffer, 0, buffer.length, size - buffer.length);
  closeSync(log);
  return buffer.toString();
}

/** An app or the issuer, as a process of its own. */
export class NodePart implements Part {
  readonly name;
  readonly title;
  private readonly log;

  constructor(
    private readonly program: NodeProgram,
    private readonly around: Surroundings,
  ) {
    this.name = program.name;
    this.title = program.file;
    this.log = join(around.places.logs, `${program.name}.log`);
  }

  isUp(): boolean {
    return isAlive(this.around.state.process(this.name));
  }

  serves(): Promise<boolean> {
    return answers(urlOf(this.around, this.name) + this.program.ready);
  }

  async up(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      if (!this.isUp()) await this.start();
      if (await this.getsReady(signal)) return;
      if (this.isUp())
        throw new StartError(`${this.name} is not ready after ${String(READY_WITHIN_MS / 1000)} s, see ${this.log}`);
      if (attempt === ATTEMPTS)
        throw new StartError(`${this.name} ends at its start, see ${this.log}:\n${endOf(this.log)}`);
      await sleep(attempt * 500, undefined, { signal });
    }
  }

  async down(): Promise<void> {
    await terminate(this.around.state.process(this.name), { graceMs: 30_000 });
    this.around.state.setProcess(this.name, undefined);
  }

  private async start(): Promise<void> {
    const port = await choosePort(this.around.state, this.name);
    const command = { program: process.execPath, args: [this.program.file], env: this.program.env(port) };
    this.around.state.setProcess(this.name, await launch({ ...command, cwd: this.around.places.repository }, this.log));
  }

  private async getsReady(signal: AbortSignal): Promise<boolean> {
    for (const end = Date.now() + READY_WITHIN_MS; Date.now() < end && this.isUp();) {
      if (await this.serves()) return true;
      await sleep(50, undefined, { signal });
    }
    return false;
  }
}

/** @throws when no port was chosen for it yet */
export function urlOf({ state }: Surroundings, name: string): string {
  const port = state.ports[name];
  if (port === undefined) throw new Error(`no port was chosen for ${name}`);
  return `http://${HOST}:${String(port)}`;
}
