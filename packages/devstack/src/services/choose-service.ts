import { ComposeService, whyNoCompose } from './compose-service.js';
import { findPrograms } from './find-programs.js';
import { givenService } from './given.js';
import { ProcessService } from './process-service.js';
import { StartError } from '../start-error.js';
import { type Part } from '../system/part.js';
import { type Service, type Surroundings } from './service.js';

/**
 * Decides how a service is run: a given URL, the machine's own programs, a package registry, containers.
 * @throws Error that names every way and why it is none here
 */
export async function chooseService(service: Service, around: Surroundings): Promise<Part> {
  const url = process.env[service.variable];
  if (url) return givenService(service, url);
  const programs = await findPrograms(service, around);
  if ('path' in programs) return new ProcessService(service, programs, around);
  const compose = await whyNoCompose(around.places);
  if (compose === undefined) return new ComposeService(service, around);
  throw new StartError(
    [
      `${service.name}: there is no way to run it here`,
      `  a running one: ${service.variable} is not set`,
      `  installed: ${programs.installed}; ${service.advice}`,
      `  registry: ${programs.registry}`,
      `  containers: ${compose}`,
    ].join('\n'),
  );
}
