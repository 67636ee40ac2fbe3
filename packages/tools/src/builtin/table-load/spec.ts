import { type ToolSpec } from '@aumos/agf-domain';
import { CSV_ARGUMENTS, type CsvArguments } from '../../csv/csv-arguments.js';

export const LOAD_MODES = ['append', 'replace', 'fail'] as const;

export interface TableLoadArguments extends CsvArguments {
  table: string;
  connection?: string;
  mode?: (typeof LOAD_MODES)[number];
}

/** What a load did; a repeated attempt of the same visit gets the first one's. */
export interface TableLoadResult {
  table: string;
  schema: string;
  rows: number;
  columns: number;
  created: boolean;
  mode: (typeof LOAD_MODES)[number];
}

export const TABLE_LOAD: ToolSpec = {
  name: 'table_load',
  version: 1,
  description:
    'Loads a CSV artifact into a table of a registered PostgreSQL connection, in one transaction and once per visit; a missing table is created with inferred types.',
  category: 'data',
  input_schema: {
    type: 'object',
    properties: {
      ...CSV_ARGUMENTS,
      table: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$' },
      connection: { type: 'string', minLength: 1, maxLength: 128, description: "default: the tenant's only one" },
      mode: {
        enum: [...LOAD_MODES],
        description: 'append (default) adds to the table, replace makes it anew, fail refuses an existing one',
      },
    },
    required: ['source', 'table'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      table: { type: 'string' },
      schema: { type: 'string' },
      rows: { type: 'integer', minimum: 0 },
      columns: { type: 'integer', minimum: 1 },
      created: { type: 'boolean' },
      mode: { enum: [...LOAD_MODES] },
    },
    required: ['table', 'schema', 'rows', 'columns', 'created', 'mode'],
    additionalProperties: false,
  },
  min_privilege_level: 3,
  // By its effect key: a repeated attempt of the same visit loads nothing again.
  idempotent: true,
  timeout_seconds: 600,
};
