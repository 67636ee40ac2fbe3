import { TICKET_ARGUMENTS, TICKET_REQUIRED, type ToolSpec } from '@aumos/agf-domain';

export const TICKET_CREATE: ToolSpec = {
  name: 'ticket_create',
  version: 1,
  description:
    "Creates a ticket in a registered system of tickets, by its connection's template. Sent once, with the visit's Idempotency-Key.",
  category: 'messaging',
  input_schema: {
    type: 'object',
    properties: {
      connection: { type: 'string', minLength: 1, maxLength: 128, description: "default: the tenant's only one" },
      ...TICKET_ARGUMENTS,
    },
    required: [...TICKET_REQUIRED],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      id: { type: ['string', 'null'], description: "as the template's result says" },
      url: { type: ['string', 'null'] },
      result: { description: "all of the template's result; without one, the answer as http_write gives it" },
    },
    required: ['id', 'url', 'result'],
    additionalProperties: false,
  },
  min_privilege_level: 2,
  // Whether a system knows the Idempotency-Key is its own matter.
  idempotent: false,
  timeout_seconds: 30,
};
