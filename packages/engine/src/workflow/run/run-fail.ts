import type { FailNode } from '@aumos/agf-domain/runtime';
import { executionError } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';
import type { Visit } from './visit.js';

/** Ends the execution as failed, unless the node's `on_error` takes it. */
export function runFail({ node, site, input }: Visit<FailNode>): never {
  const message = typeof input === 'string' ? input : JSON.stringify(input);
  throw new NodeError(executionError(site, node.code, message));
}
