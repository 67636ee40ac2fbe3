import { type ToolSpec } from '@aumos/agf-domain';
import { DOCUMENT_ARGUMENTS } from '../../document/document-arguments.js';

export const HTML_TO_MARKDOWN: ToolSpec = {
  name: 'html_to_markdown',
  version: 1,
  description: 'Turns HTML, given as it is, as an artifact or by its URL, into Markdown; without scripts and styles.',
  category: 'text',
  input_schema: { type: 'object', properties: DOCUMENT_ARGUMENTS, additionalProperties: false },
  output_schema: {
    type: 'object',
    properties: { markdown: { type: 'string' }, truncated: { type: 'boolean' } },
    required: ['markdown', 'truncated'],
    additionalProperties: false,
  },
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 60,
};
