import { isIPv6, type LookupFunction } from 'node:net';
import { type OutgoingRequest } from '@aumos/agf-domain';
import { Client } from 'undici';
import { asOutgoingError } from './failure.js';
import { type OutgoingLimits } from './limits.js';
import { readBody } from './read-body.js';
import { type Hop, locationOf } from './redirect.js';

export interface Answer {
  status: number;
  headers: Map<string, string>;
  body: Buffer;
}

interface Terms {
  /** the checked ones: nothing else is connected to */
  addresses: readonly string[];
  signal: AbortSignal;
  limits: OutgoingLimits;
  /** certificates in PEM that are trusted, in place of Node's */
  ca?: string;
  /** ends the body early */
  enough?: OutgoingRequest['enough'];
}

/**
 * One request and its answer, on a connection of its own: what was checked for one name is never used for another. The
 * body of a redirect is not read.
 * @throws OutgoingError; the signal's reason
 */
export async function exchange(hop: Hop, { addresses, signal, limits, ca, enough }: Terms): Promise<Answer> {
  const { url, host } = hop.target;
  const client = new Client(url.origin, {
    connect: {
      lookup: pinned(addresses),
      timeout: limits.connectTimeoutMs,
      autoSelectFamily: true,
      rejectUnauthorized: true,
      maxCachedSessions: 0,
      ...(ca === undefined ? {} : { ca }),
    },
    maxHeaderSize: limits.maxHeaderBytes,
    // The whole has its time; its parts need none of their own.
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    allowH2: false,
  });
  try {
    const { method, headers, body } = hop;
    const path = url.pathname + url.search;
    const sent = { path, method, headers: Object.fromEntries(headers), body: body ?? null, signal, reset: true };
    const response = await client.request(sent);
    const answer = { status: response.statusCode, headers: joined(response.headers) };
    // Destroyed with its client; unheard, its error would end the process.
    response.body.on('error', () => undefined);
    if (locationOf(answer) !== null) return { ...answer, body: Buffer.alloc(0) };
    const { maxBytes } = limits;
    return {
      ...answer,
      body: await readBody(response.body, answer.headers.get('content-encoding'), { maxBytes, enough }),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw asOutgoingError(error, host);
  } finally {
    await client.destroy();
  }
}

/** Answers with what was checked, whatever is asked. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_host, options, callback) => {
    const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    const [first] = all;
    if (options.all) callback(null, all);
    else callback(null, first?.address ?? '', first?.family);
  };

const joined = (headers: Record<string, string | string[] | undefined>): Map<string, string> =>
  new Map(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
