import { type JsonObject } from '@aumos/agf-domain';

/** What every tool that sends a request takes. */
export interface HttpArguments {
  url: string;
  headers?: Record<string, string>;
  any_status?: boolean;
}

export const URL_ARGUMENT: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 8_192,
  description: 'absolute, http or https, without credentials; public, or opened by the operator',
};

export const HEADERS_ARGUMENT: JsonObject = {
  type: 'object',
  maxProperties: 50,
  additionalProperties: { type: 'string', maxLength: 4_096 },
  description: 'none that shows who asks: arguments are kept, and seen',
};

export const ANY_STATUS_ARGUMENT: JsonObject = {
  type: 'boolean',
  description: 'any status is a result; by default one that is not 2xx is an error, UPSTREAM_STATUS',
};
