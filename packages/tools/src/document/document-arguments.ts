import { type JsonObject } from '@aumos/agf-domain';
import { CSV_ARGUMENTS } from '../csv/csv-arguments.js';
import { URL_ARGUMENT } from '../http/http-arguments.js';

/** One of them says where it is. */
export interface DocumentArguments {
  html?: string;
  /** `artifact:<uuid>` */
  source?: string;
  url?: string;
  max_characters?: number;
}

export const DOCUMENT_ARGUMENTS: JsonObject = {
  html: { type: 'string', description: 'the document itself' },
  source: CSV_ARGUMENTS['source'] ?? null,
  url: URL_ARGUMENT,
  max_characters: { type: 'integer', minimum: 1, maximum: 100_000, description: 'of the text; default 50000' },
};
