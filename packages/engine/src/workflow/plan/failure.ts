import {
  shortened,
  storableJson,
  type ExecutionError,
  type JsonObject,
  type NodeErrorCode,
} from '@aumos/agf-domain/runtime';

/** Where an error belongs. */
export interface ErrorSite {
  node: string | null;
  visit: number | null;
}

/** Its texts can be stored, whatever they quote. */
export const executionError = (
  site: ErrorSite,
  code: NodeErrorCode | (string & {}),
  message: string,
  details: JsonObject = {},
  attempts = 1,
): ExecutionError => ({
  code,
  message: storableJson(shortened(message)),
  node: site.node,
  visit: site.visit,
  attempts,
  details: storableJson(details),
});

/** Whether it is what {@link executionError} makes, which came from elsewhere. */
export const isExecutionError = (value: unknown): value is ExecutionError =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'details' in value;

/** Errors that no `on_error` takes. Source: the definition language, "Errors". */
const UNCATCHABLE: ReadonlySet<string> = new Set(['CANCELLED', 'EXECUTION_TIMEOUT', 'MAX_STEPS']);

export const isCatchable = (error: ExecutionError): boolean => !UNCATCHABLE.has(error.code);
