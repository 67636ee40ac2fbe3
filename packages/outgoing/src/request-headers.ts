import { OutgoingError } from './outgoing-error.js';

/** They say how a message is sent, or to whom: the client's own. */
const THE_CLIENTS: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer', 'expect'],
  ...['accept-encoding', 'proxy-authorization', 'proxy-connection', 'http2-settings'],
]);

/** Those that show who the caller is, wherever they go. */
const CREDENTIALS = ['authorization', 'cookie'];

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
// eslint-disable-next-line no-control-regex
const VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f\u0100-\uffff]*$/;

/** By lower-case name. @throws OutgoingError `INVALID_REQUEST`, which never tells a value */
export function requestHeaders(given: Readonly<Record<string, string>> = {}): Map<string, string> {
  const headers = new Map([
    ['user-agent', 'aumos-agent-framework'],
    ['accept', '*/*'],
  ]);
  for (const [written, value] of Object.entries(given)) {
    const name = written.toLowerCase();
    if (!TOKEN.test(name)) throw new OutgoingError('INVALID_REQUEST', 'a header has a name that is none');
    if (THE_CLIENTS.has(name)) throw new OutgoingError('INVALID_REQUEST', `the header ${name} cannot be set`);
    if (!VALUE.test(value)) throw new OutgoingError('INVALID_REQUEST', `the header ${name} has a value that is none`);
    headers.set(name, value);
  }
  return headers.set('accept-encoding', 'gzip, br');
}

/** The same without what is for one origin only. @param secret names of more of that kind, in any case */
export function withoutCredentials(headers: Map<string, string>, secret: readonly string[] = []): Map<string, string> {
  const dropped = new Set([...CREDENTIALS, ...secret.map((name) => name.toLowerCase())]);
  return new Map([...headers].filter(([name]) => !dropped.has(name)));
}

/** The same without what tells of a body. */
export const withoutBody = (headers: Map<string, string>): Map<string, string> =>
  new Map([...headers].filter(([name]) => !name.startsWith('content-')));
