import { type OutgoingClient, type OutgoingRequest, type OutgoingResponse } from '@aumos/agf-domain';
import { exchange } from './exchange.js';
import { DEFAULT_LIMITS, type OutgoingLimits } from './limits.js';
import { OutgoingError, unreachable } from './outgoing-error.js';
import { type OutgoingPolicy, Policy } from './policy.js';
import { type Hop, locationOf, redirected } from './redirect.js';
import { requestHeaders } from './request-headers.js';
import { dnsResolver, type Resolver } from './resolver.js';
import { hostTarget, type Target, targetOf } from './target.js';

export interface OutgoingOptions {
  /** default: public addresses only */
  allow?: OutgoingPolicy;
  limits?: Partial<OutgoingLimits>;
  resolver?: Resolver;
  /** certificates in PEM that are trusted, in place of Node's */
  ca?: string;
}

/**
 * A client that reaches what `allow` lets it, and nothing else: each request and each redirect is looked up once, all its
 * addresses are checked, and one of them is what it connects to. Variables that name proxies are not looked at.
 * @throws InvalidRuleError
 */
export function createOutgoing({
  allow = {},
  limits,
  resolver = dnsResolver(),
  ca,
}: OutgoingOptions = {}): OutgoingClient {
  const policy = new Policy(allow);
  const most = { ...DEFAULT_LIMITS, ...limits };

  async function send(
    hop: Hop,
    { within, enough }: { within: OutgoingLimits; enough?: OutgoingRequest['enough'] },
    signal: AbortSignal,
  ): ReturnType<typeof exchange> {
    policy.checkName(hop.target);
    const addresses = await addressesOf(hop.target, resolver, signal);
    policy.checkAddresses(hop.target, addresses);
    return exchange(hop, {
      ...{ addresses, signal, limits: within },
      ...(enough === undefined ? {} : { enough }),
      ...(ca === undefined ? {} : { ca }),
    });
  }

  async function follow(request: OutgoingRequest, signal: AbortSignal): Promise<OutgoingResponse> {
    const within = lesser(most, request);
    const { method, body, enough } = request;
    let hop: Hop = { target: targetOf(request.url), method, headers: requestHeaders(request.headers), body };
    for (let redirects = 0; ; redirects++) {
      const answer = await send(hop, { within, enough }, signal);
      const location = within.maxRedirects === 0 ? null : locationOf(answer);
      if (location === null) return { ...answer, url: hop.target.url.href, redirects };
      if (redirects === within.maxRedirects)
        throw new OutgoingError('TOO_MANY_REDIRECTS', `more than ${String(redirects)} redirects`, { limit: redirects });
      hop = redirected(hop, answer.status, location, request.secretHeaders);
    }
  }

  return {
    request: (request) =>
      timed(Math.min(most.timeoutMs, request.timeoutMs ?? Infinity), request.signal, (signal) =>
        follow(request, signal),
      ),
    addresses: ({ host, port, usual }, outer) =>
      timed(most.connectTimeoutMs, outer, async (signal) => {
        const target = { ...hostTarget(host, port), usual };
        policy.checkName(target);
        const addresses = await addressesOf(target, resolver, signal);
        policy.checkAddresses(target, addresses);
        return addresses;
      }),
  };
}

const lesser = (
  most: OutgoingLimits,
  { maxBytes = Infinity, maxRedirects = Infinity }: OutgoingRequest,
): OutgoingLimits => ({
  ...most,
  maxBytes: Math.min(most.maxBytes, maxBytes),
  maxRedirects: Math.min(most.maxRedirects, maxRedirects),
});

async function addressesOf(
  { host, literal }: Pick<Target, 'host' | 'literal'>,
  resolver: Resolver,
  signal: AbortSignal,
): Promise<string[]> {
  if (literal) return [host];
  const addresses = await resolver.resolve(host, signal);
  signal.throwIfAborted();
  if (addresses.length === 0) throw unreachable('dns', `${host} has no address`);
  return addresses;
}

/** @throws OutgoingError `UPSTREAM_TIMEOUT`; the reason of `outer` when that is what ended it */
async function timed<T>(
  ms: number,
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const ending = new AbortController();
  const end = (): void => ending.abort(outer?.reason);
  const late = new OutgoingError('UPSTREAM_TIMEOUT', `there was no whole answer within ${String(ms)} ms`);
  const timer = setTimeout(() => ending.abort(late), ms);
  outer?.addEventListener('abort', end, { once: true });
  try {
    return await run(ending.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', end);
  }
}
