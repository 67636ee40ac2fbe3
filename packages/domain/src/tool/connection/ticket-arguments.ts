import type { JsonObject } from '../../json/json.js';

/** What a ticket is made of: the arguments that a connection's template is written over. */
export const TICKET_ARGUMENTS = {
  title: { type: 'string', minLength: 1, maxLength: 500 },
  description: { type: 'string', maxLength: 50_000 },
  priority: { enum: ['lowest', 'low', 'medium', 'high', 'highest'] },
  labels: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 100 }, maxItems: 50, uniqueItems: true },
  fields: { type: 'object', maxProperties: 100, description: 'what else the template reads' },
} as const satisfies JsonObject;

/** The others are null or empty in scope, when they are not given. */
export const TICKET_REQUIRED = ['title', 'description'] as const;
