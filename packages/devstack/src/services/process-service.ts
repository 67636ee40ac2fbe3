import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../process/identity.js';
import { launch } from '../process/launch.js';
import { terminate } from '../process/terminate.js';
import { HOST, choosePort } from '../state/ports.js';
import { type Part } from '../system/part.js';
import { type Installation, type Service, type Surroundings, portOf } from './service.js';
import { StartError } from '../start-error.js';

const HEALTHY_WITHIN_MS = 90_000;
/** PostgreSQL's children outlive a killed server by a moment and hold its shared memory. */
const ATTEMPTS = 5;
const PAUSE_MS = 300;

/** A service as a process of this machine. One that an earlier, killed supervisor left running is taken over. */
export class ProcessService implements Part {
  readonly name;
  readonly title;

  constructor(
    private readonly service: Service,
    private readonly installation: Installation,
    private readonly around: Surroundings,
  ) {
    this.name = service.name;
    this.title = installation.title;
  }

  isUp(): boolean {
    return isAlive(this.process);
  }

  serves(): Promise<boolean> {
    return this.service.healthy(HOST, portOf(this.around, this.service.ports[0]));
  }

  async up(signal: AbortSignal): Promise<void> {
    if (this.isUp() && (await this.serves())) return;
    await this.down();
    for (const name of this.service.ports) await choosePort(this.around.state, name);
    for (let attempt = 1; ; attempt++) {
      if (await this.start(signal)) return;
      if (attempt === ATTEMPTS) throw new StartError(`${this.name} does not get healthy, see ${this.log}`);
      await sleep(PAUSE_MS * attempt, undefined, { signal });
    }
  }

  async down(): Promise<void> {
    const wasUp = this.isUp();
    const itself = await terminate(this.process, { politely: this.service.politely, graceMs: 20_000 });
    if (wasUp && itself) this.service.ended?.(this.around, this.installation);
    this.around.state.setProcess(this.name, undefined);
  }

  private get process(): ProcessIdentity | undefined {
    return this.around.state.process(this.name);
  }

  private get log(): string {
    return join(this.around.places.logs, `${this.name}.log`);
  }

  /** @returns whether it got healthy; false when it ended before */
  private async start(signal: AbortSignal): Promise<boolean> {
    const command = await this.service.command(this.around, this.installation);
    signal.throwIfAborted();
    this.around.state.setProcess(this.name, await launch(command, this.log));
    for (const end = Date.now() + HEALTHY_WITHIN_MS; Date.now() < end && this.isUp();) {
      if (await this.serves()) return true;
      await sleep(25, undefined, { signal });
    }
    if (this.isUp())
      throw new StartError(`${this.name} is not healthy after ${String(HEALTHY_WITHIN_MS / 1000)} s, see ${this.log}`);
    return false;
  }
}
