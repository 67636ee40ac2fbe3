import type { BreakerConfig, BreakerSettings } from '@aumos/agf-domain';
import { BreakerSettingsRepository } from '@aumos/agf-persistence';
import { breakerConfigOf, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { WorkerSettings } from '../config.js';

/** A change of a tenant's settings is in force after so long at the latest. */
const KEPT_MS = 5_000;
const MOST_TENANTS = 1_000;

interface Kept {
  until: number;
  settings: Promise<BreakerSettings>;
}

/**
 * How a breaker of a tenant behaves. The tenant's own settings are read once in 5 s in each process, however many calls
 * there are; those of an agent come with its row, those of a definition with its version.
 */
@Injectable()
export class BreakerConfigs {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly tenants: BreakerSettingsRepository,
    @Inject(SETTINGS) private readonly platform: WorkerSettings,
  ) {}

  /** Needs no tenant scope. @param own of the definition or agent @throws PostgreSQL's errors */
  async of(tenantId: string, own: BreakerSettings | null = null): Promise<BreakerConfig> {
    return breakerConfigOf(this.platform, await this.tenantsOwn(tenantId), own);
  }

  private tenantsOwn(tenantId: string): Promise<BreakerSettings> {
    const now = Date.now();
    const known = this.kept.get(tenantId);
    if (known && known.until > now) return known.settings;
    const settings = this.tenants.of(tenantId);
    // The latest read is the last of the map.
    this.kept.delete(tenantId);
    this.kept.set(tenantId, { until: now + KEPT_MS, settings });
    settings.catch(() => {
      if (this.kept.get(tenantId)?.settings === settings) this.kept.delete(tenantId);
    });
    if (this.kept.size > MOST_TENANTS) this.kept.delete(this.kept.keys().next().value as string);
    return settings;
  }
}
