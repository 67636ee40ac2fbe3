import { HOST } from '../state/ports.js';
import { chooseService } from './choose-service.js';
import { kafka } from './kafka/kafka.js';
import { POSTGRES_ADMIN, postgres } from './postgres/postgres.js';
import { redis } from './redis.js';
import { type Running } from './running.js';
import { SERVICE_NAMES, type Service, type ServiceName, type Surroundings, portOf } from './service.js';
import { TEMPORAL_NAMESPACE, temporal } from './temporal.js';

const SERVICES: Record<ServiceName, Service> = { postgres, redis, kafka, temporal };

/** Where the four services answer. */
export interface Addresses {
  /** of a role that may make databases and roles */
  postgres: string;
  redis: string;
  /** host:port[,host:port] */
  kafka: string;
  /** host:port */
  temporal: string;
  temporal_namespace: string;
  /** absent when a given server's is not known */
  temporal_ui?: string;
}

/** @throws when a service that this system runs has no port yet */
export function addressesOf(around: Surroundings): Addresses {
  const at = (port: string): string => `${HOST}:${String(portOf(around, port))}`;
  const { env } = process;
  const password = around.secrets.password('postgres_admin');
  const ui = env[temporal.variable] ? env['AGF_TEMPORAL_UI_URL'] : `http://${at('temporal_ui')}`;
  return {
    postgres: env[postgres.variable] ?? `postgresql://${POSTGRES_ADMIN}:${password}@${at('postgres')}/postgres`,
    redis: env[redis.variable] ?? `redis://${at('redis')}/0`,
    kafka: env[kafka.variable] ?? at('kafka'),
    temporal: env[temporal.variable] ?? at('temporal'),
    temporal_namespace: TEMPORAL_NAMESPACE,
    ...(ui ? { temporal_ui: ui } : {}),
  };
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** Finds and starts one service; a second call changes nothing. */
export async function startService(name: ServiceName, around: Surroundings): Promise<Running> {
  const began = Date.now();
  const running = await chooseService(SERVICES[name], around);
  const found = Date.now();
  await running.up();
  around.report(
    name,
    `ready in ${seconds(found)}${found - began > 2000 ? ` after ${seconds(began)}` : ''} (${running.title})`,
  );
  return running;
}

/**
 * All four at once.
 * @throws AggregateError with what each failed service says, once the others are settled
 */
export async function startServices(around: Surroundings): Promise<Running[]> {
  const results = await Promise.allSettled(SERVICE_NAMES.map((name) => startService(name, around)));
  const errors = results.filter((each) => each.status === 'rejected').map((each) => each.reason as unknown);
  if (errors.length) throw new AggregateError(errors, errors.map(String).join('\n'));
  return results.filter((each) => each.status === 'fulfilled').map((each) => each.value);
}
