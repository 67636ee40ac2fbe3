import { type ToolSpec } from '@aumos/agf-domain';
import { CSV_ARGUMENTS } from '../../csv/csv-arguments.js';

export interface FileWriteArguments {
  connection?: string;
  key: string;
  text?: string;
  base64?: string;
  source?: string;
  content_type?: string;
  if_exists?: 'fail' | 'replace';
}

export const MOST_BYTES = 32 * 1024 * 1024;
const MOST_INLINE = 4_000_000;

export const FILE_WRITE: ToolSpec = {
  name: 'file_write',
  version: 1,
  description:
    "Writes one object to a registered S3 connection, below the connection's prefix: a text, bytes in base64, or an artifact.",
  category: 'data',
  input_schema: {
    type: 'object',
    properties: {
      connection: { type: 'string', minLength: 1, maxLength: 128, description: "default: the tenant's only one" },
      key: { type: 'string', minLength: 1, maxLength: 512, description: 'parts divided by /, none of them . or ..' },
      text: { type: 'string', maxLength: MOST_INLINE },
      base64: { type: 'string', maxLength: MOST_INLINE, pattern: '^[A-Za-z0-9+/]*={0,2}$' },
      source: CSV_ARGUMENTS['source'] ?? null,
      content_type: {
        type: 'string',
        pattern: '^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:; ?[A-Za-z0-9=_.+-]{1,100})?$',
        description: "default: the artifact's, text/plain, or application/octet-stream",
      },
      if_exists: { enum: ['fail', 'replace'], description: 'default fail' },
    },
    required: ['key'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      bucket: { type: 'string' },
      key: { type: 'string', description: "with the connection's prefix" },
      size: { type: 'integer', minimum: 0 },
      sha256: { type: 'string' },
      content_type: { type: 'string' },
    },
    required: ['bucket', 'key', 'size', 'sha256', 'content_type'],
    additionalProperties: false,
  },
  min_privilege_level: 3,
  // The object carries its visit: another attempt of it finds its own.
  idempotent: true,
  timeout_seconds: 120,
};
