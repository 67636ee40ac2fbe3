import { startIssuer } from './issuer.js';

/** Settings: AGF_ISSUER_HOST, AGF_ISSUER_PORT, AGF_ISSUER_KEYS. The supervisor starts this as a process of its own. */
const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const server = await startIssuer({
  host: env('AGF_ISSUER_HOST'),
  port: Number(env('AGF_ISSUER_PORT')),
  keysFile: env('AGF_ISSUER_KEYS'),
  onError: (error) => {
    say(error.stack ?? error.message);
  },
});
say(`listening on ${env('AGF_ISSUER_HOST')}:${env('AGF_ISSUER_PORT')}`);
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
