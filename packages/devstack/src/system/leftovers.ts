import { terminate } from '../process/terminate.js';
import { compose } from '../services/compose-service.js';
import { SERVICE_NAMES, type Surroundings } from '../services/service.js';

const isService = (name: string): boolean => (SERVICE_NAMES as readonly string[]).includes(name);

async function end({ state }: Surroundings, names: readonly string[]): Promise<void> {
  const ending = names.map(async (name) => {
    // PostgreSQL's fast way to end; the others take either signal.
    await terminate(state.process(name), { politely: name === 'postgres' ? 'SIGINT' : 'SIGTERM', graceMs: 20_000 });
    state.setProcess(name, undefined);
  });
  await Promise.all(ending);
}

/** Ends the apps and the issuer that a killed supervisor left behind: they may be of an old build. */
export const endOldPrograms = (around: Surroundings): Promise<void> =>
  end(
    around,
    Object.keys(around.state.processes).filter((name) => !isService(name)),
  );

/** Ends everything that a killed supervisor left behind: the apps, then what they stood on. */
export async function endLeftovers(around: Surroundings): Promise<void> {
  await endOldPrograms(around);
  await end(around, Object.keys(around.state.processes));
  if (around.state.containers.length) await compose(around, 'stop');
  for (const name of around.state.containers) around.state.setContainer(name, false);
}
