import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * `internal` may be opened by a policy. `never` stays shut: what only the machine itself should ask (metadata of clouds),
 * what names no one host, and what carries another address inside.
 */
export type Reach = 'public' | 'internal' | 'never';

const INTERNAL: ReadonlySet<string> = new Set(['private', 'loopback', 'carrierGradeNat', 'uniqueLocal']);

/** Metadata and host services of clouds that lie in ranges which are public, or may be opened. */
const METADATA = new Set(
  ['168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'].map((each) => canonical(each)),
);

/** Only these are global unicast (RFC 4291, 2.4), which the library takes everything for that it does not know. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Documentation, RFC 9637. */
const DOCUMENTATION = ipaddr.IPv6.parseCIDR('3fff::/20');

/** @param address of IPv4 or IPv6, as text */
export function reachOf(address: string): Reach {
  const parsed = read(address);
  if (METADATA.has(parsed.toString())) return 'never';
  if (parsed instanceof ipaddr.IPv6) {
    // NAT64 (RFC 6052): what a network without IPv4 reaches all of IPv4 by.
    if (parsed.range() === 'rfc6052') return reachOf(embedded(parsed)) === 'public' ? 'public' : 'never';
    if (parsed.range() === 'unicast' && (!parsed.match(GLOBAL_UNICAST) || parsed.match(DOCUMENTATION))) return 'never';
  }
  const range = parsed.range();
  if (range === 'unicast') return 'public';
  return INTERNAL.has(range) ? 'internal' : 'never';
}

/** One text for each address; those of IPv4 in IPv6 (`::ffff:0:0/96`) are IPv4's. */
export function canonical(address: string): string {
  return read(address).toString();
}

/** The library takes `::127.0.0.1` for a mapped address, which it is not: it gets to see groups only. */
function read(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.process(isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address);
}

const embedded = (address: ipaddr.IPv6): string => new ipaddr.IPv4(address.toByteArray().slice(12)).toString();
