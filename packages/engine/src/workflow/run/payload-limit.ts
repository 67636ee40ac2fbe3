import { jsonSize } from '@aumos/agf-domain/runtime';
import { executionError, type ErrorSite } from '../plan/failure.js';
import { NodeError } from '../plan/node-error.js';

/** Temporal refuses payloads of 2 MiB; the visits that travel along need their share. */
export const PAYLOAD_BYTES = 1_400_000;

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
