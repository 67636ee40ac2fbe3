import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository: dist/state/places.js and src/state/places.ts lie equally deep. */
export const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** Where one system keeps its things. Only the download cache is shared between systems. */
export interface Places {
  repository: string;
  home: string;
  cache: string;
  data: string;
  run: string;
  logs: string;
  /** what tools and people read: addresses and process ids */
  local: string;
  /** ports and processes: what the next start finds again */
  state: string;
  /** passwords and keys made on this machine, mode 0600 */
  secrets: string;
}

/** @param home default: `.agf` in the repository; another system (tests, benchmarks) has its own */
export function placesOf(home = join(REPOSITORY, '.agf'), repository = REPOSITORY): Places {
  return {
    repository,
    home,
    cache: process.env['AGF_CACHE_DIR'] ?? join(repository, '.agf/cache'),
    data: join(home, 'data'),
    run: join(home, 'run'),
    logs: join(home, 'logs'),
    local: join(home, 'local.json'),
    state: join(home, 'run/state.json'),
    secrets: join(home, 'secrets.json'),
  };
}
