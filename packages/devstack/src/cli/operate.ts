import { join } from 'node:path';
import { withParts } from '../provision/platform-database.js';
import { placesOf } from '../state/places.js';
import { Secrets } from '../state/secrets.js';
import { readLocal } from '../system/local-file.js';
import { Children } from '../test-run/children.js';

/** A command of the execution worker's build; on the system that runs here, unless the environment names another one. */
export const operate =
  (command: string) =>
  async (args: string[]): Promise<number> => {
    const places = placesOf();
    const program = join(places.repository, 'apps/execution-worker/dist/operate.js');
    const env = { ...localSettings(places), ...process.env };
    const { code } = await new Children().run(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', program, command, ...args],
      {
        cwd: process.env['INIT_CWD'],
        env,
      },
    );
    return code;
  };

function localSettings(places: ReturnType<typeof placesOf>): Record<string, string> {
  const local = readLocal(places.local);
  if (!local) return {};
  const password = new Secrets(places.secrets).password('agf_app');
  return {
    AUMOS_AGF_TEMPORAL_SERVER_URL: local.temporal,
    AUMOS_AGF_TEMPORAL_NAMESPACE: local.temporal_namespace,
    AUMOS_AGF_DATABASE_URL: withParts(local.postgres, { user: 'agf_app', password }),
  };
}
