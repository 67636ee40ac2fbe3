import { isAlive, type ProcessIdentity } from '../process/identity.js';
import { terminate } from '../process/terminate.js';
import { type Report, type Surroundings } from '../services/service.js';
import { type Places } from '../state/places.js';
import { Secrets } from '../state/secrets.js';
import { State } from '../state/state.js';
import { endLeftovers } from './leftovers.js';

/** Longer than the slowest part takes to end gracefully, one after the other. */
const STOPS_WITHIN_MS = 120_000;

const surroundings = (places: Places, report: Report): Surroundings => ({
  places,
  state: new State(places.state),
  secrets: new Secrets(places.secrets),
  report,
});

/** @returns the process that runs a system in this folder, if one does */
export function runningSupervisor(places: Places): ProcessIdentity | undefined {
  const { supervisor } = new State(places.state);
  return isAlive(supervisor) ? supervisor : undefined;
}

/** Ends a system from outside: asks its supervisor, then ends what a killed one left. Data stays. */
export async function stopRunning(places: Places, report: Report): Promise<void> {
  const supervisor = runningSupervisor(places);
  if (supervisor) report('supervisor', `ending process ${String(supervisor.pid)} and what it started`);
  await terminate(supervisor, { graceMs: STOPS_WITHIN_MS });
  const around = surroundings(places, report);
  await endLeftovers(around);
  around.state.setSupervisor(undefined);
}
