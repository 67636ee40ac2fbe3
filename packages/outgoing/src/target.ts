import { isIP } from 'node:net';
import { blocked } from './outgoing-error.js';

/** Where one request goes. */
export interface Target {
  /** without credentials and fragment; its host has no dot at its end */
  url: URL;
  /** canonical: lower case, punycode; an address without brackets */
  host: string;
  port: number;
  /** the host is an address */
  literal: boolean;
}

const MOST_CHARACTERS = 8_192;
const PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };
/** Parsers drop or turn these, each in its own way. */
// eslint-disable-next-line no-control-regex
const AMBIGUOUS = /[\u0000-\u0020\u007f\\]/;

/** `http://@host`, which parsers make nothing of. */
const EMPTY_CREDENTIALS = /^(?:[a-z][a-z0-9+.-]*:\/*|\/\/+)[^/?#]*@/i;

/** @param base what a redirect is relative to. @throws OutgoingError `ADDRESS_BLOCKED` */
export function targetOf(text: string, base?: URL): Target {
  if (text.length > MOST_CHARACTERS || AMBIGUOUS.test(text) || !URL.canParse(text, base?.href))
    throw blocked('url', 'this is not a URL that can be asked for');
  const url = new URL(text, base);
  const defaultPort = PORTS[url.protocol];
  if (defaultPort === undefined) throw blocked('scheme', 'only http and https may be asked for');
  if (url.username !== '' || url.password !== '' || EMPTY_CREDENTIALS.test(text))
    throw blocked('credentials', 'a URL with credentials may not be asked for');
  url.hash = '';
  const hostname = url.hostname.replace(/\.$/, '');
  if (hostname === '' || hostname.includes('..')) throw blocked('url', 'this is not a URL that can be asked for');
  url.hostname = hostname;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { url, host, port: url.port === '' ? defaultPort : Number(url.port), literal: isIP(host) !== 0 };
}

/** The same of a host alone, as a URL would have it. @throws OutgoingError `ADDRESS_BLOCKED` */
export function hostTarget(host: string, port: number): Target {
  const written = host.includes(':') ? `[${host}]` : host;
  const target = targetOf(`http://${written}/`);
  if (/[/?#@%]/.test(host) || target.url.port !== '') throw blocked('url', 'this is not a host that can be asked for');
  return { ...target, port };
}
