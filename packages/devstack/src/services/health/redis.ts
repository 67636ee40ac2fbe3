import { talk } from './talk.js';

/** A server that is still loading its data answers `-LOADING`, one with a password `-NOAUTH`: that one is up. */
export const redisIsHealthy = (host: string, port: number): Promise<boolean> =>
  talk({ host, port }, 'PING\r\n', (answer) => {
    const text = answer.toString();
    return text.includes('\r\n') ? text.startsWith('+PONG') || text.startsWith('-NOAUTH') : undefined;
  });
