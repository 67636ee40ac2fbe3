import { type Installation, type Service, type Surroundings, type Way } from './service.js';
import { isAllowed } from './ways.js';

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).trim();

async function attempt(name: 'installed' | 'registry', way: Way, around: Surroundings): Promise<Installation | string> {
  if (!isAllowed(name)) return 'left out by AGF_SERVICE_WAYS';
  try {
    return await way(around);
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * What the machine has, then what a registry has.
 * @returns why not, by way, when neither works
 */
export async function findPrograms(
  service: Service,
  around: Surroundings,
): Promise<Installation | Record<'installed' | 'registry', string>> {
  const installed = await attempt('installed', service.installed, around);
  if (typeof installed !== 'string') return installed;
  const registry = await attempt('registry', service.registry, around);
  if (typeof registry !== 'string') return registry;
  return { installed, registry };
}
