import { HOST } from '../state/ports.js';
import { chooseService } from './choose-service.js';
import { kafka } from './kafka/kafka.js';
import { POSTGRES_ADMIN, postgres } from './postgres/postgres.js';
import { redis } from './redis.js';
import { type Part } from '../system/part.js';
import { type Service, type ServiceName, type Surroundings } from './service.js';
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

/** Of a service that was not started yet it holds no true address. */
export function addressesOf(around: Surroundings): Addresses {
  const at = (port: string): string => `${HOST}:${String(around.state.ports[port] ?? 0)}`;
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

/** Decides how a service is run here, without starting it. */
export const findService = (name: ServiceName, around: Surroundings): Promise<Part> =>
  chooseService(SERVICES[name], around);
