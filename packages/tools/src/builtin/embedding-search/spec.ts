import { type ToolSpec } from '@aumos/agf-domain';
import { CSV_ARGUMENTS } from '../../csv/csv-arguments.js';

export interface EmbeddingSearchArguments {
  query: string;
  texts?: string[];
  source?: string;
  memories?: boolean;
  top_k?: number;
}

export const MOST_TEXTS = 500;
/** Of one text, and of the parts of an artifact. */
export const MOST_TEXT_CHARACTERS = 8_000;
export const PART_CHARACTERS = 1_500;
export const DEFAULT_FOUND = 5;

export const EMBEDDING_SEARCH: ToolSpec = {
  name: 'embedding_search',
  version: 1,
  description:
    "Finds what is closest to a query in meaning: among given texts, the parts of an artifact that is a text, or the agent's own long-term memories. Exact, by the platform's embeddings, out of the model budgets.",
  category: 'text',
  input_schema: {
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, maxLength: MOST_TEXT_CHARACTERS },
      texts: {
        type: 'array',
        minItems: 1,
        maxItems: MOST_TEXTS,
        items: { type: 'string', minLength: 1, maxLength: MOST_TEXT_CHARACTERS },
      },
      source: CSV_ARGUMENTS['source'] ?? null,
      memories: { type: 'boolean', description: 'of the agent that calls' },
      top_k: { type: 'integer', minimum: 1, maximum: 50, description: `default ${String(DEFAULT_FOUND)}` },
    },
    required: ['query'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      matches: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            text: { type: 'string' },
            similarity: { type: 'number', description: 'cosine, -1 to 1' },
            index: { type: ['integer', 'null'], minimum: 0, description: 'of the text, or of the part' },
            memory_id: { type: ['string', 'null'] },
          },
          required: ['text', 'similarity', 'index', 'memory_id'],
          additionalProperties: false,
        },
      },
      searched: { type: ['integer', 'null'], minimum: 0, description: 'texts, or parts' },
    },
    required: ['matches', 'searched'],
    additionalProperties: false,
  },
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 120,
};
