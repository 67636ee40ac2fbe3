import { type AccountName, startSystem, type System, testHome } from '@aumos/agf-devstack';
import { type Client, EventTap, World } from '@aumos/agf-test-support';

/** Bytes of the largest artifact in this system. */
export const ARTIFACT_MAX_BYTES = 2 * 1024 * 1024;
const ENV = {
  AUMOS_AGF_ARTIFACT_MAX_BYTES: String(ARTIFACT_MAX_BYTES),
  // The example's, for function nodes that are local.
  AUMOS_AGF_HANDLER_MODULES: new URL('../../../examples/node-worker/dist/handlers.js', import.meta.url).href,
};

let running: { system: System | undefined; world: World; events: EventTap; since: string } | undefined;

/** One system serves the whole suite. AGF_TEST_SYSTEM names the folder of one that runs already. */
export async function openSystem(): Promise<void> {
  const given = process.env['AGF_TEST_SYSTEM'];
  const system = given ? undefined : await startSystem({ dataDir: testHome('e2e'), env: ENV });
  const world = new World(given ?? testHome('e2e'));
  // A breaker that an earlier run left open would be open still.
  if (system) await world.redis.flushdb();
  running = { system, world, events: await EventTap.open(world.local.kafka), since: new Date().toISOString() };
}

export async function closeSystem(): Promise<void> {
  await running?.events.close();
  await running?.world.close();
  await running?.system?.stop();
}

function opened(): NonNullable<typeof running> {
  if (!running) throw new Error('the system is not open');
  return running;
}

export const world = (): World => opened().world;
/** Everything on Kafka since its beginning. */
export const events = (): EventTap => opened().events;
/** When the first test began, RFC 3339. */
export const since = (): string => opened().since;
export const as = (account: AccountName): Promise<Client> => world().as(account);
