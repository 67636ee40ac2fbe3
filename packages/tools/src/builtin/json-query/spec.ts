import { type Json, type ToolSpec } from '@aumos/agf-domain';
import { CSV_ARGUMENTS } from '../../csv/csv-arguments.js';

export interface JsonQueryArguments {
  query: string;
  data?: Json;
  /** `artifact:<uuid>` */
  source?: string;
}

export const JSON_QUERY: ToolSpec = {
  name: 'json_query',
  version: 1,
  description: 'Finds and reshapes what is in JSON, given as it is or as an artifact, by a JMESPath expression.',
  category: 'data',
  input_schema: {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: 2_000, description: 'JMESPath' },
      data: { description: 'the JSON itself' },
      source: CSV_ARGUMENTS['source'] ?? null,
    },
    required: ['query'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: { result: {} },
    required: ['result'],
    additionalProperties: false,
  },
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 60,
};
