import { readFileSync } from 'node:fs';

/** Where the real services are that the suites run against. */
export interface Stack {
  /** superuser URL of the cluster: suites make databases of their own in it */
  postgres: string;
  redis: string;
  /** host:port[,host:port] */
  kafka: string;
  /** host:port */
  temporal: string;
  temporal_namespace: string;
  /** program of the Temporal whose time runs ahead; absent: there was none to be had */
  temporal_test_server?: string;
}

let stack: Stack | undefined;

/** @throws when AGF_TEST_STACK names no readable file: a missing service fails, it never skips. */
export function testStack(): Stack {
  const file = process.env['AGF_TEST_STACK'];
  if (!file) throw new Error('AGF_TEST_STACK is not set: run `npm test`, which starts the services');
  return (stack ??= JSON.parse(readFileSync(file, 'utf8')) as Stack);
}

/** @throws Error where there is none: a suite that needs it fails, it never skips */
export function temporalTestServer(): string {
  const program = testStack().temporal_test_server ?? process.env['AGF_TEMPORAL_TEST_SERVER'];
  if (program) return program;
  throw new Error('There is no temporal-test-server here: `npm test` brings one, AGF_TEMPORAL_TEST_SERVER names one');
}
