import { talk } from './talk.js';

/** StartupMessage, protocol 3.0. The answer `R` asks for authentication: connections are taken; `E` while it starts. */
export function postgresIsHealthy(host: string, port: number): Promise<boolean> {
  const body = Buffer.from('\0\x03\0\0user\0agf\0database\0postgres\0\0', 'latin1');
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return talk({ host, port }, Buffer.concat([length, body]), (answer) => answer[0] === 'R'.charCodeAt(0));
}
