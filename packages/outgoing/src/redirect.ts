import { type OutgoingMethod } from '@aumos/agf-domain';
import { blocked } from './outgoing-error.js';
import { withoutBody, withoutCredentials } from './request-headers.js';
import { type Target, targetOf } from './target.js';

/** One request of a chain of redirects. */
export interface Hop {
  target: Target;
  method: OutgoingMethod;
  headers: Map<string, string>;
  body?: string | Uint8Array;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Where an answer leads; null: it is the answer. */
export const locationOf = ({
  status,
  headers,
}: {
  status: number;
  headers: ReadonlyMap<string, string>;
}): string | null => (REDIRECTS.has(status) ? (headers.get('location') ?? null) : null);

/**
 * The request that a redirect asks for: its method and body as WHATWG Fetch has it ("HTTP-redirect fetch"), nothing that
 * shows who asks at another origin.
 * @throws OutgoingError `ADDRESS_BLOCKED`
 */
export function redirected(hop: Hop, status: number, location: string, secretHeaders?: readonly string[]): Hop {
  const { url: from } = hop.target;
  const target = targetOf(location, from);
  if (from.protocol === 'https:' && target.url.protocol !== 'https:')
    throw blocked('downgrade', `${hop.target.host} leads from https to http`);
  const headers = from.origin === target.url.origin ? hop.headers : withoutCredentials(hop.headers, secretHeaders);
  if (!becomesGet(hop.method, status)) return { ...hop, target, headers };
  return { target, method: 'GET', headers: withoutBody(headers) };
}

const becomesGet = (method: OutgoingMethod, status: number): boolean =>
  (status === 303 && method !== 'GET' && method !== 'HEAD') ||
  ((status === 301 || status === 302) && method === 'POST');
