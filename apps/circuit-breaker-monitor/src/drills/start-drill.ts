import { randomUUID } from 'node:crypto';
import { ApiError, invalidField } from '@aumos/agf-domain';
import { AuditRepository, DrillsRepository, TenantDb } from '@aumos/agf-persistence';
import { type AuthenticatedActor, SETTINGS } from '@aumos/agf-platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { MonitorSettings } from '../config.js';
import { BreakerSubject } from '../isolation/breaker-subject.js';
import { drillView } from './drill.convert.js';
import type { StartDrillDto } from './drill.dto.js';
import type { DrillView } from './drill.view.js';

/** Makes a tool of a sandbox tenant fail for a while. The fault ends by the clock of the database, whoever lives then. */
@Injectable()
export class StartDrill {
  private readonly log = new Logger(StartDrill.name);

  constructor(
    private readonly db: TenantDb,
    private readonly drills: DrillsRepository,
    private readonly subject: BreakerSubject,
    private readonly audit: AuditRepository,
    @Inject(SETTINGS) private readonly settings: MonitorSettings,
  ) {}

  /** @throws ApiError NOT_A_SANDBOX, VALIDATION_ERROR for a tool that is not there, CONFLICT while one of it runs */
  async run(actor: AuthenticatedActor, { tool, seconds, recovery_seconds }: StartDrillDto): Promise<DrillView> {
    if (!this.settings.sandboxTenants?.includes(actor.tenant_id))
      throw new ApiError('NOT_A_SANDBOX', 'Drills make tools fail: they run in tenants that are named as sandboxes.');
    const asked = { tool, seconds, recovery_seconds };
    return this.db.run(actor.tenant_id, async () => {
      if (!(await this.subject.exists(`tool:${tool}`))) throw invalidField('tool', 'is no tool of the tenant');
      const row = await this.drills.start({ id: randomUUID(), ...asked, started_by: actor.sub });
      if (!row) throw new ApiError('CONFLICT', 'A drill of this tool is under way.');
      await this.audit.append({
        actor_id: actor.sub,
        action: 'drill.start',
        resource_type: 'drill',
        resource_id: row.id,
        outcome: 'allowed',
        details: asked,
      });
      this.log.warn({ msg: 'a drill makes a tool fail', drill_id: row.id, tool, seconds });
      return drillView(row);
    });
  }
}
