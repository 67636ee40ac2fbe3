import { type Part } from '../system/part.js';
import { type Service } from './service.js';
import { StartError } from '../start-error.js';

export interface Address {
  host: string;
  port: number;
}

/** @returns the first server of `host:port[,host:port]` or of a URL */
export function addressOf(text: string): Address {
  const first = text.split(',')[0] ?? '';
  const url = new URL(first.includes('://') ? first : `tcp://${first}`);
  const usual: Record<string, number> = { 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379, 'rediss:': 6379 };
  const port = url.port ? Number(url.port) : usual[url.protocol];
  if (port === undefined || !url.hostname) throw new Error(`${text} names no host and port`);
  return { host: url.hostname, port };
}

/** A server that somebody else runs: it is used, never started, stopped or healed. */
export function givenService(service: Service, url: string): Part {
  const { host, port } = addressOf(url);
  const serves = (): Promise<boolean> => service.healthy(host, port);
  return {
    name: service.name,
    title: `given by ${service.variable}`,
    serves,
    async up() {
      if (await serves()) return;
      throw new StartError(`${service.name}: ${service.variable} names ${host}:${String(port)}, which does not answer`);
    },
    isUp: () => true,
    down: () => Promise.resolve(),
  };
}
