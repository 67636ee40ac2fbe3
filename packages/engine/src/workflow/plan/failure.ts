import {
  shortText,
  storableJson,
  type ExecutionError,
  type JsonObject,
  type NodeErrorCode,
} from '@aumos/agf-domain/runtime';

/** Messages quote what came in; a longer one is cut. */
const MESSAGE_LENGTH = 2_000;

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
  message: storableJson(shortText(message, MESSAGE_LENGTH)),
  node: site.node,
  visit: site.visit,
  attempts,
  details: storableJson(details),
});

/** Errors that no `on_error` takes. Source: the definition language, "Errors". */
const UNCATCHABLE: ReadonlySet<string> = new Set(['CANCELLED', 'EXECUTION_TIMEOUT', 'MAX_STEPS']);

export const isCatchable = (error: ExecutionError): boolean => !UNCATCHABLE.has(error.code);
