import { promises as dns } from 'node:dns';

export abstract class Resolver {
  /** All addresses of a name, of both families; none is an answer. */
  abstract resolve(host: string, signal: AbortSignal): Promise<string[]>;
}

/**
 * Asks name servers itself: what waits for a slow one holds no thread, and ends with its signal. The machine's hosts file
 * and search domains are not looked at.
 * @param servers `address[:port]`; default: the machine's
 */
export const dnsResolver = (servers?: readonly string[]): Resolver => ({
  async resolve(host, signal) {
    const resolver = new dns.Resolver({ timeout: 2_000, tries: 2 });
    if (servers) resolver.setServers(servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  },
});
