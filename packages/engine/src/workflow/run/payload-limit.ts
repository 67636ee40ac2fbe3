import { jsonSize } from '@aumos/agf-domain/runtime';
import { PAYLOAD_BYTES } from '../../common/index.js';
import { executionError, type ErrorSite } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';

/** @returns its size. @throws NodeError PAYLOAD_TOO_LARGE: Temporal would refuse the task again and again */
export function fittingBytes(site: ErrorSite, payload: unknown): number {
  const bytes = jsonSize(payload);
  if (bytes <= PAYLOAD_BYTES) return bytes;
  throw new NodeError(
    executionError(
      site,
      'PAYLOAD_TOO_LARGE',
      `The call is ${String(bytes)} bytes of JSON; ${String(PAYLOAD_BYTES)} are the most`,
    ),
  );
}
