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
}

let stack: Stack | undefined;

/** @throws when AGF_TEST_STACK names no readable file: a missing service fails, it never skips. */
export function testStack(): Stack {
  const file = process.env['AGF_TEST_STACK'];
  if (!file) throw new Error('AGF_TEST_STACK is not set: run `npm test`, which starts the services');
  return (stack ??= JSON.parse(readFileSync(file, 'utf8')) as Stack);
}
