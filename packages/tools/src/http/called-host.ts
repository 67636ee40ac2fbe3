import { type JsonObject, type JsonSchema } from '@aumos/agf-domain';
import { URL_ARGUMENT } from './http-arguments.js';

/**
 * The host of the URL that a call names, as `URL.host` has it; undefined where the tool takes none, or it is none. A tool
 * of a tenant has its host in its definition: it is called at no other.
 */
export function calledHost({ input_schema }: { input_schema: JsonSchema }, { url }: JsonObject): string | undefined {
  const { properties } = input_schema as { properties?: JsonObject };
  if (properties?.['url'] !== URL_ARGUMENT || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  return new URL(url).host;
}
