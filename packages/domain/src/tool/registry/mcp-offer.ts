import { canonicalJson } from '../../canonical/canonical-json.js';
import { sha256Hex } from '../../canonical/hash.js';
import type { Json, JsonObject } from '../../json/json.js';

/** What a server says of its tool. All of it is the server's word: nothing of it gives anybody anything. */
export interface McpOffer {
  name: string;
  title?: Json;
  description?: Json;
  input_schema: Json;
  output_schema?: Json;
  annotations?: Json;
}

export interface McpPin {
  /** SHA-256 (hex) of the canonical offer (RFC 8785) */
  hash: string;
  title?: string;
  /** of the structured part of its results */
  output_schema?: JsonObject;
  /** hints, as the server gives them */
  annotations?: JsonObject;
}

/** All of an offer: no part of it changes unseen. */
export const offerHash = (offer: McpOffer): string => sha256Hex(canonicalJson({ ...offer }));
