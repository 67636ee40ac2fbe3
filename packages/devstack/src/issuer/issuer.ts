import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Provider } from 'oidc-provider';
import { registerAccountGrant } from './account-grant.js';
import { configuration } from './configuration.js';
import { keptKeys } from './keys.js';
import { login } from './login.js';

export interface IssuerOptions {
  host: string;
  port: number;
  /** where its keys are kept */
  keysFile: string;
  /** told what went wrong inside */
  onError: (error: Error) => void;
}

const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * A real OpenID Connect issuer for one machine: anybody who reaches it may be any account.
 * @throws in production, and on any address but loopback
 */
export async function startIssuer({ host, port, keysFile, onError }: IssuerOptions): Promise<Server> {
  if (process.env['NODE_ENV'] === 'production') throw new Error('the development issuer does not run in production');
  if (!LOOPBACK.includes(host)) throw new Error(`the development issuer listens on loopback only, not on ${host}`);
  const provider = new Provider(`http://${host}:${String(port)}`, configuration(await keptKeys(keysFile)));
  registerAccountGrant(provider);
  provider.on('server_error', (_ctx, error) => {
    onError(error);
  });
  const answer = provider.callback();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await (request.url?.startsWith('/interaction/') ? login(provider, request, response) : answer(request, response));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)));
      if (!response.headersSent) response.writeHead(400);
      response.end('the login has ended or never was: start again');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return server;
}
