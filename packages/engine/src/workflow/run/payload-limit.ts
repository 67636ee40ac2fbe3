import { STATE_LIMIT_BYTES, jsonSize } from '@aumos/agf-domain/runtime';
import { executionError, type ErrorSite } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';

/** Above it a payload goes by reference. */
const CARRIED_BYTES = 128 * 1024;

/** @returns what a workflow task carries of it. @throws NodeError PAYLOAD_TOO_LARGE */
export function fittingBytes(site: ErrorSite, payload: unknown, mostBytes = STATE_LIMIT_BYTES): number {
  const bytes = jsonSize(payload);
  if (bytes <= mostBytes) return Math.min(bytes, CARRIED_BYTES);
  throw new NodeError(
    executionError(
      site,
      'PAYLOAD_TOO_LARGE',
      `The call is ${String(bytes)} bytes of JSON; ${String(mostBytes)} are the most`,
    ),
  );
}
