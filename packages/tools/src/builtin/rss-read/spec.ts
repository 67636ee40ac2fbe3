import { type ToolSpec } from '@aumos/agf-domain';
import { URL_ARGUMENT } from '../../http/http-arguments.js';

const text = { type: ['string', 'null'] };

export const RSS_READ: ToolSpec = {
  name: 'rss_read',
  version: 1,
  description:
    'Reads a feed (RSS, Atom, RDF or JSON Feed) at a URL: what it is, and its newest entries in the order it has them.',
  category: 'http',
  input_schema: {
    type: 'object',
    properties: {
      url: URL_ARGUMENT,
      max_items: { type: 'integer', minimum: 1, maximum: 100, description: 'default 20' },
    },
    required: ['url'],
    additionalProperties: false,
  },
  output_schema: {
    type: 'object',
    properties: {
      format: { enum: ['rss', 'atom', 'rdf', 'json'] },
      title: text,
      description: text,
      link: text,
      items: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: text,
            title: text,
            link: text,
            author: text,
            published: {
              type: ['string', 'null'],
              description: 'RFC 3339 where the feed gives a time that can be read',
            },
            summary: { type: ['string', 'null'], description: 'as the feed has it, HTML too; its beginning' },
          },
          required: ['id', 'title', 'link', 'author', 'published', 'summary'],
          additionalProperties: false,
        },
      },
      truncated: { type: 'boolean', description: 'the feed has more entries' },
    },
    required: ['format', 'title', 'description', 'link', 'items', 'truncated'],
    additionalProperties: false,
  },
  min_privilege_level: 1,
  idempotent: true,
  timeout_seconds: 60,
};
