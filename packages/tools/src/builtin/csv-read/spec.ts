import { type ToolSpec } from '@aumos/agf-domain';
import { CSV_ARGUMENTS, type CsvArguments } from '../../csv/csv-arguments.js';

export interface CsvReadArguments extends CsvArguments {
  columns?: string[];
  from_row?: number;
  max_rows?: number;
}

export const CSV_READ: ToolSpec = {
  name: 'csv_read',
  version: 1,
  description:
    'Reads rows of a CSV artifact: all of its columns or some, from a row on. Cells are texts, null where they are empty.',
  category: 'data',
  input_schema: {
    type: 'object',
    properties: {
      ...CSV_ARGUMENTS,
      columns: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 200, description: 'default: all' },
      from_row: { type: 'integer', minimum: 1, description: 'data rows from 1 (default)' },
      max_rows: { type: 'integer', minimum: 1, maximum: 1_000, description: 'default 100' },
    },
    required: ['source'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      columns: { type: 'array', items: { type: 'string' } },
      rows: { type: 'array', items: { type: 'array', items: { type: ['string', 'null'] } } },
      next_row: { type: ['integer', 'null'], description: 'where to go on; null: this was the last' },
    },
    required: ['columns', 'rows', 'next_row'],
    additionalProperties: false,
  },
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 120,
};
