import { type ToolSpec } from '@aumos/agf-domain';
import { CSV_ARGUMENTS } from '../../csv/csv-arguments.js';

const count = { type: 'integer', minimum: 0 };
const scalar = { type: ['number', 'string', 'boolean', 'null'] };
const number = { type: ['number', 'null'] };

const column = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    type: { enum: ['integer', 'number', 'boolean', 'date', 'datetime', 'string', 'empty'] },
    nulls: count,
    distinct: count,
    distinct_estimated: { type: 'boolean' },
    min: scalar,
    max: scalar,
    mean: number,
    quantiles: {
      type: ['object', 'null'],
      properties: { p05: number, p25: number, p50: number, p75: number, p95: number },
      required: ['p05', 'p25', 'p50', 'p75', 'p95'],
    },
    quantiles_estimated: { type: 'boolean' },
    outliers: {
      type: ['object', 'null'],
      properties: { count, low: { type: 'number' }, high: { type: 'number' }, examples: { type: 'array' } },
      required: ['count', 'low', 'high', 'examples'],
    },
  },
  required: ['name', 'type', 'nulls'],
};

const issue = {
  type: 'object',
  properties: {
    code: { enum: ['RAGGED_ROW', 'DUPLICATE_HEADER', 'EMPTY_HEADER'] },
    count,
    /** data rows from 1, or columns from 1 */
    examples: { type: 'array', items: count },
  },
  required: ['code', 'count', 'examples'],
};

export const CSV_PROFILE: ToolSpec = {
  name: 'csv_profile',
  version: 1,
  description:
    'Profiles a CSV artifact: rows, and for each column its type, nulls, distinct values, minimum, maximum, mean, quantiles and outliers.',
  category: 'data',
  input_schema: {
    type: 'object',
    properties: { ...CSV_ARGUMENTS, sample_rows: { type: 'integer', minimum: 0, maximum: 50 } },
    required: ['source'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      source: { type: 'string' },
      rows: count,
      columns: { type: 'array', items: column },
      issues: { type: 'array', items: issue },
      sample: { type: 'array', items: { type: 'array' } },
      truncated: {
        type: 'boolean',
        description:
          'the file is so wide that less is told of each column (first without quantiles and outliers, then name, type, nulls and distinct alone, then name, type and nulls), or that fewer rows are shown',
      },
    },
    required: ['source', 'rows', 'columns', 'issues', 'truncated'],
  },
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 300,
};
