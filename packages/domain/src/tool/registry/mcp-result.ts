import type { JsonObject } from '../../json/json.js';

/** What a call of a tool of kind `mcp` gives. */
export const MCP_RESULT: JsonObject = {
  type: 'object',
  properties: {
    content: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: {
            type: 'string',
            description: 'text, image, audio, resource, resource_link, or another of the server',
          },
          text: { type: 'string' },
          data: { type: 'string', description: 'base64' },
          mime_type: { type: 'string' },
          uri: { type: 'string' },
          name: { type: 'string' },
        },
        required: ['type'],
      },
    },
    structured: { type: ['object', 'null'] },
  },
  required: ['content', 'structured'],
  additionalProperties: false,
};
