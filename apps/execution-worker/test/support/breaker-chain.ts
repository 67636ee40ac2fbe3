import { BreakerSettingsRepository, type TenantDb } from '@aumos/agf-persistence';
import { BreakerChain } from '../../src/breakers/breaker-chain.js';
import { BreakerConfigs } from '../../src/breakers/breaker-configs.js';
import type { WorkerSettings } from '../../src/config.js';

export const breakerConfigs = (db: TenantDb, settings: WorkerSettings): BreakerConfigs =>
  new BreakerConfigs(new BreakerSettingsRepository(db), settings);

export const breakerChain = (db: TenantDb, settings: WorkerSettings): BreakerChain =>
  new BreakerChain(breakerConfigs(db, settings));
