import { type AccountName, startSystem, type System, TENANTS, testHome } from '@aumos/agf-devstack';
import { type Client, EventTap, World } from '@aumos/agf-test-support';
import { ModelServer } from '@aumos/agf-testing';

/** Bytes of the largest artifact in this system. */
export const ARTIFACT_MAX_BYTES = 2 * 1024 * 1024;
/** What is not public, and yet open to tools: one address of loopback, not the others. */
export const OUTGOING_ALLOW = '127.0.0.2';
const ENV = {
  AUMOS_AGF_OUTGOING_ALLOW: OUTGOING_ALLOW,
  AUMOS_AGF_SANDBOX_TENANTS: TENANTS.acme,
  AUMOS_AGF_ARTIFACT_MAX_BYTES: String(ARTIFACT_MAX_BYTES),
  // The example's, for function nodes that are local.
  AUMOS_AGF_HANDLER_MODULES: new URL('../../../examples/node-worker/dist/handlers.js', import.meta.url).href,
};

interface Running {
  system: System | undefined;
  models: ModelServer;
  world: World;
  events: EventTap;
  since: string;
}
let running: Running | undefined;

/** One system serves the whole suite. AGF_TEST_SYSTEM names the folder of one that runs already, without our models. */
export async function openSystem(): Promise<void> {
  const given = process.env['AGF_TEST_SYSTEM'];
  const models = await ModelServer.start();
  const env = { ...ENV, AUMOS_AGF_LLM_SERVING_URL: models.url, AUMOS_AGF_LLM_MODEL: 'small' };
  const system = given ? undefined : await startSystem({ dataDir: testHome('e2e'), env });
  const world = new World(given ?? testHome('e2e'));
  // A breaker that an earlier run left open would be open still.
  if (system) await world.redis.flushdb();
  running = { system, models, world, events: await EventTap.open(world.local.kafka), since: new Date().toISOString() };
}

export async function closeSystem(): Promise<void> {
  await running?.events.close();
  await running?.world.close();
  await running?.system?.stop();
  await running?.models.close();
}

function opened(): NonNullable<typeof running> {
  if (!running) throw new Error('the system is not open');
  return running;
}

export const world = (): World => opened().world;
/** The endpoint of models that the system asks. */
export const models = (): ModelServer => opened().models;
/** Everything on Kafka since its beginning. */
export const events = (): EventTap => opened().events;
/** When the first test began, RFC 3339. */
export const since = (): string => opened().since;
export const as = (account: AccountName): Promise<Client> => world().as(account);
