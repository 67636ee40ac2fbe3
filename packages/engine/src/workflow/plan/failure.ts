import type { ExecutionError, JsonObject, NodeErrorCode } from '@aumos/agf-domain/runtime';

/** Where an error belongs. */
export interface ErrorSite {
  node: string | null;
  visit: number | null;
}

export const executionError = (
  site: ErrorSite,
  code: NodeErrorCode | (string & {}),
  message: string,
  details: JsonObject = {},
  attempts = 1,
): ExecutionError => ({ code, message, node: site.node, visit: site.visit, attempts, details });

/** Errors that no `on_error` takes. Source: the definition language, "Errors". */
const UNCATCHABLE: ReadonlySet<string> = new Set(['CANCELLED', 'EXECUTION_TIMEOUT', 'MAX_STEPS']);

export const isCatchable = (error: ExecutionError): boolean => !UNCATCHABLE.has(error.code);
