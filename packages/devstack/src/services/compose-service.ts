import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../process/execute.js';
import { findProgram } from '../process/find-program.js';
import { type Command } from '../process/launch.js';
import { type Places } from '../state/places.js';
import { choosePort } from '../state/ports.js';
import { POSTGRES_ADMIN } from './postgres/postgres.js';
import { type Running } from './running.js';
import { type Service, type Surroundings } from './service.js';

const fileOf = ({ repository }: Places): string => join(repository, 'infra/compose.yaml');

/** @returns why containers are no way here, or undefined when they are */
export async function whyNoCompose(places: Places): Promise<string | undefined> {
  const docker = findProgram('docker');
  if (!docker) return 'docker is not on the PATH';
  if (!existsSync(fileOf(places))) return `${fileOf(places)} is missing`;
  try {
    await execute({ program: docker, args: ['info', '--format', '{{.ServerVersion}}'] });
    await execute({ program: docker, args: ['compose', 'version'] });
    return undefined;
  } catch {
    return 'docker is there, but its daemon or its compose plugin does not answer';
  }
}

/** Names in the environment of infra/compose.yaml. */
const portVariable = (port: string): string => `AGF_${port.toUpperCase()}_PORT`;

/** A service as a container of the compose file. Docker itself starts it again when it dies. */
export class ComposeService implements Running {
  readonly name;
  readonly title = 'container of infra/compose.yaml';

  constructor(
    private readonly service: Service,
    private readonly around: Surroundings,
  ) {
    this.name = service.name;
  }

  isUp(): boolean {
    return true;
  }

  async up(): Promise<void> {
    for (const name of this.service.ports)
      if (this.around.state.ports[name] === undefined) await choosePort(this.around.state, name);
    await execute(this.compose('up', '--detach', '--wait', this.name));
  }

  async down(): Promise<void> {
    await execute(this.compose('stop', this.name));
  }

  private compose(...args: string[]): Command {
    const { places, secrets, state } = this.around;
    const project = `agf-${createHash('sha256').update(places.home).digest('hex').slice(0, 8)}`;
    const env = {
      ...process.env,
      AGF_POSTGRES_USER: POSTGRES_ADMIN,
      AGF_POSTGRES_PASSWORD: secrets.password('postgres_admin'),
      ...Object.fromEntries(Object.entries(state.ports).map(([name, port]) => [portVariable(name), String(port)])),
    };
    return { program: 'docker', args: ['compose', '--file', fileOf(places), '--project-name', project, ...args], env };
  }
}
