import { type Command } from '../process/launch.js';
import { type Places } from '../state/places.js';
import { type Secrets } from '../state/secrets.js';
import { type State } from '../state/state.js';

export const SERVICE_NAMES = ['postgres', 'redis', 'kafka', 'temporal'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** Tells the person what goes on: one line, of one part of the system. */
export type Report = (part: string, text: string) => void;

/** What every service module works with. */
export interface Surroundings {
  places: Places;
  state: State;
  secrets: Secrets;
  report: Report;
}

/** Programs that can run the service, and where they came from. */
export interface Installation {
  /** for people, such as `PostgreSQL 18.4 from npm` */
  title: string;
  /** the program's folder, or its file */
  path: string;
}

/** One way to the programs; `undefined` or an error: not this way, and why. */
export type Way = (around: Surroundings) => Promise<Installation | string>;

/** A server that `npm start` may run by itself. Modules differ in this only; looking for it, starting, healing and stopping are shared. */
export interface Service {
  name: ServiceName;
  /** environment variable that names a running server instead */
  variable: string;
  /** names of its ports; the first one is the service's own */
  ports: readonly [string, ...string[]];
  /** programs of the machine itself */
  installed: Way;
  /** programs from a package registry, kept in the cache */
  registry: Way;
  /** what somebody without any of these should do */
  advice: string;
  /** Prepares its data, which survives, and tells how to run it. */
  command: (around: Surroundings, installation: Installation) => Promise<Command>;
  /** Asks the server itself, over its own protocol. */
  healthy: (host: string, port: number) => Promise<boolean>;
  politely: NodeJS.Signals;
  /** after it ended by itself */
  ended?: (around: Surroundings, installation: Installation) => void;
}

export const portOf = ({ state }: Surroundings, name: string): number => {
  const port = state.ports[name];
  if (port === undefined) throw new Error(`no port was chosen for ${name}`);
  return port;
};
