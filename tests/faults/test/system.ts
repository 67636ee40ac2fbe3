import { type AccountName, APP_NAMES, startSystem, type System, testHome } from '@aumos/agf-devstack';
import { type Client, World } from '@aumos/agf-test-support';
import { ModelServer } from '@aumos/agf-testing';

let running: { system: System; world: World; models: ModelServer } | undefined;

/**
 * Services, issuer and databases; no app runs yet.
 * @param suite whose folder it has
 */
export async function openSystem(suite: string): Promise<void> {
  const models = await ModelServer.start();
  const env = {
    AUMOS_AGF_HANDLER_MODULES: new URL('./handlers.mjs', import.meta.url).href,
    AUMOS_AGF_LLM_SERVING_URL: models.url,
    AUMOS_AGF_LLM_MODEL: 'small',
  };
  const system = await startSystem({ dataDir: testHome(suite), without: APP_NAMES, env });
  running = { system, models, world: new World(testHome(suite)) };
}

export async function startApps(): Promise<void> {
  await Promise.all(APP_NAMES.map((name) => system().startPart(name)));
}

export async function closeSystem(): Promise<void> {
  await running?.world.close();
  await running?.system.stop();
  await running?.models.close();
}

function opened(): NonNullable<typeof running> {
  if (!running) throw new Error('the system is not open');
  return running;
}

export const system = (): System => opened().system;
/** The endpoint of models that the system asks. */
export const models = (): ModelServer => opened().models;
export const world = (): World => opened().world;
export const as = (account: AccountName): Promise<Client> => world().as(account);
