import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '../process/execute.js';
import { findProgram } from '../process/find-program.js';
import { type Places } from '../state/places.js';
import { HOST, choosePort } from '../state/ports.js';
import { POSTGRES_ADMIN } from './postgres/postgres.js';
import { type Part } from '../system/part.js';
import { isAllowed } from './ways.js';
import { type Service, type Surroundings, portOf } from './service.js';

const fileOf = ({ repository }: Places): string => join(repository, 'infra/compose.yaml');

/** @returns why containers are no way here, or undefined when they are */
export async function whyNoCompose(places: Places): Promise<string | undefined> {
  if (!isAllowed('compose')) return 'left out by AGF_SERVICE_WAYS';
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

/** What infra/compose.yaml leaves open. */
export const composeVariables = ({ secrets, state }: Surroundings): Record<string, string> => ({
  AGF_POSTGRES_USER: POSTGRES_ADMIN,
  AGF_POSTGRES_PASSWORD: secrets.password('postgres_admin'),
  ...Object.fromEntries(Object.entries(state.ports).map(([name, port]) => [portVariable(name), String(port)])),
});

/** Runs `docker compose` on this system's containers. */
export function compose(around: Surroundings, ...args: string[]): Promise<string> {
  const { places } = around;
  const project = `agf-${createHash('sha256').update(places.home).digest('hex').slice(0, 8)}`;
  const env = { ...process.env, ...composeVariables(around) };
  const all = ['compose', '--file', fileOf(places), '--project-name', project, ...args];
  return execute({ program: 'docker', args: all, env });
}

/** A service as a container of the compose file. Docker itself starts it again when it dies. */
export class ComposeService implements Part {
  readonly name;
  readonly title = 'container of infra/compose.yaml';

  constructor(
    private readonly service: Service,
    private readonly around: Surroundings,
  ) {
    this.name = service.name;
  }

  /** Docker looks after it. */
  isUp(): boolean {
    return true;
  }

  serves(): Promise<boolean> {
    return this.service.healthy(HOST, portOf(this.around, this.service.ports[0]));
  }

  async up(): Promise<void> {
    const { state } = this.around;
    for (const name of this.service.ports) if (state.ports[name] === undefined) await choosePort(state, name);
    state.setContainer(this.name, true);
    await compose(this.around, 'up', '--detach', '--wait', this.name);
  }

  async down(): Promise<void> {
    await compose(this.around, 'stop', this.name);
    this.around.state.setContainer(this.name, false);
  }
}
