import { type ToolSpec } from '@aumos/agf-domain';

export interface SqlReadArguments {
  query: string;
  connection?: string;
  parameters?: (string | number | boolean | null)[];
  max_rows?: number;
}

export const MOST_ROWS = 10_000;
export const DEFAULT_ROWS = 1_000;
/** Of the query, all of it. */
export const QUERY_TIMEOUT_MS = 30_000;

export const SQL_READ: ToolSpec = {
  name: 'sql_read',
  version: 1,
  description:
    'Reads rows by one SQL query over a registered PostgreSQL connection whose login may only read. Values go into parameters ($1, $2, …), never into the text.',
  category: 'data',
  input_schema: {
    type: 'object',
    properties: {
      query: {
        type: 'string',
        minLength: 1,
        maxLength: 32_768,
        pattern: '^[^\\u0000]*$',
        description: 'one SELECT, VALUES or TABLE, with or without WITH',
      },
      connection: { type: 'string', minLength: 1, maxLength: 128, description: "default: the tenant's only one" },
      parameters: { type: 'array', maxItems: 100, items: { type: ['string', 'number', 'boolean', 'null'] } },
      max_rows: { type: 'integer', minimum: 1, maximum: MOST_ROWS, description: `default ${String(DEFAULT_ROWS)}` },
    },
    required: ['query'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      columns: {
        type: 'array',
        items: {
          type: 'object',
          properties: { name: { type: 'string' }, type: { type: 'string' } },
          required: ['name', 'type'],
          additionalProperties: false,
        },
      },
      rows: {
        type: 'array',
        items: { type: 'object' },
        description:
          'numbers that JSON cannot hold exactly are texts; timestamps are RFC 3339, those with a zone in UTC; bytea is base64; what else there is, as PostgreSQL writes it',
      },
      row_count: { type: 'integer', minimum: 0 },
      truncated: { enum: ['rows', 'bytes', null], description: 'there are more: over max_rows, or over what fits' },
    },
    required: ['columns', 'rows', 'row_count', 'truncated'],
    additionalProperties: false,
  },
  min_privilege_level: 2,
  idempotent: true,
  timeout_seconds: 60,
};
