import { type ToolSpec } from '@aumos/agf-domain';
import { DOCUMENT_ARGUMENTS } from '../../document/document-arguments.js';

export const TEXT_EXTRACT: ToolSpec = {
  name: 'text_extract',
  version: 1,
  description:
    'Gives the text of a document: of HTML what a reader sees, of any other text all of it. PDF and Office files are not read.',
  category: 'text',
  input_schema: { type: 'object', properties: DOCUMENT_ARGUMENTS, additionalProperties: false },
  output_schema: {
    type: 'object',
    properties: { text: { type: 'string' }, truncated: { type: 'boolean' } },
    required: ['text', 'truncated'],
    additionalProperties: false,
  },
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 60,
};
