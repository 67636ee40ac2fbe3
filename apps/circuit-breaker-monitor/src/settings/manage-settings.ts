import {
  type Actor,
  type BreakerSettings,
  checkBreakerSettings,
  invalidRequest,
  type JsonObject,
} from '@aumos/agf-domain';
import { AuditRepository, BreakerSettingsRepository, TenantDb } from '@aumos/agf-persistence';
import { breakerConfigOf, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable } from '@nestjs/common';
import type { MonitorSettings } from '../config.js';
import type { BreakerSettingsView } from './settings.view.js';

/** A tenant's own settings of breakers: over the platform's, under those of definitions and agents. */
@Injectable()
export class ManageSettings {
  constructor(
    private readonly db: TenantDb,
    private readonly own: BreakerSettingsRepository,
    private readonly audit: AuditRepository,
    @Inject(SETTINGS) private readonly platform: MonitorSettings,
  ) {}

  async get(tenantId: string): Promise<BreakerSettingsView> {
    return this.db.run(tenantId, () => this.view());
  }

  /**
   * All of them. Calls follow within seconds (each process reads them again now and then), starts at once; an execution
   * under way keeps those that it was started with for its own breaker. @throws ApiError VALIDATION_ERROR
   */
  async replace(actor: Actor, body: object): Promise<BreakerSettingsView> {
    const settings = checked(body);
    return this.db.run(actor.tenant_id, async () => {
      const before = (await this.own.get())?.settings ?? {};
      await this.own.put(settings, actor.sub);
      await this.audit.append({
        actor_id: actor.sub,
        action: 'breaker_settings.replace',
        resource_type: 'breaker_settings',
        resource_id: actor.tenant_id,
        outcome: 'allowed',
        details: { settings: settings as JsonObject, before: before as JsonObject },
      });
      return this.view();
    });
  }

  private async view(): Promise<BreakerSettingsView> {
    const row = await this.own.get();
    const settings = row?.settings ?? {};
    return {
      settings,
      effective: breakerConfigOf(this.platform, settings),
      updated_by: row?.updated_by ?? null,
      updated_at: row?.updated_at.toISOString() ?? null,
    };
  }
}

/** @throws ApiError VALIDATION_ERROR */
function checked(body: object): BreakerSettings {
  const result = checkBreakerSettings({ ...body });
  if ('fields' in result) throw invalidRequest(result.fields);
  return result.settings;
}
