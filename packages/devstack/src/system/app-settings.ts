import { type PlatformDatabase } from '../provision/platform-database.js';
import { type Addresses } from '../services/services.js';
import { AUDIENCE } from '../issuer/configuration.js';
import { HOST } from '../state/ports.js';

export const APP_NAMES = ['api-gateway', 'execution-worker', 'hitl-approval', 'circuit-breaker-monitor'] as const;
export type AppName = (typeof APP_NAMES)[number];

/** What the apps are told: the same names as in the charts and the compose file. */
export interface AppSurroundings {
  addresses: Addresses;
  database: PlatformDatabase;
  issuer: string;
  /** by app */
  urls: Record<AppName, string>;
  /** base64, 32 bytes */
  secretsKey: string;
}

/**
 * Settings of an app, without its port. None gets the owner's database URL: migrations have run.
 * @see packages/platform for what each means
 */
export function appSettings({
  addresses,
  database,
  issuer,
  urls,
  secretsKey,
}: AppSurroundings): Record<string, string> {
  return {
    AUMOS_AGF_HOST: HOST,
    AUMOS_AGF_DATABASE_URL: database.app,
    AUMOS_AGF_RELAY_DATABASE_URL: database.relay,
    AUMOS_AGF_SWEEPER_DATABASE_URL: database.sweeper,
    AUMOS_AGF_REDIS_URL: addresses.redis,
    AUMOS_AGF_KAFKA_BROKERS: addresses.kafka,
    AUMOS_AGF_TEMPORAL_SERVER_URL: addresses.temporal,
    AUMOS_AGF_TEMPORAL_NAMESPACE: addresses.temporal_namespace,
    AUMOS_AGF_OIDC_ISSUER: issuer,
    AUMOS_AGF_OIDC_AUDIENCE: AUDIENCE,
    AUMOS_AGF_HITL_APPROVAL_URL: urls['hitl-approval'],
    AUMOS_AGF_CIRCUIT_BREAKER_MONITOR_URL: urls['circuit-breaker-monitor'],
    AUMOS_AGF_SECRETS_KEY: secretsKey,
  };
}
