import { isEnded } from '@aumos/agf-domain';
import { isExecutionClosed } from '@aumos/agf-engine/client';
import { ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { TemporalClient } from '../temporal/temporal-client.js';
import { CloseAbandoned } from './close-abandoned.js';

/** A child that is pending belongs to its parent, which starts it; once that has ended, nobody will. */
@Injectable()
export class CloseOrphan {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly temporal: TemporalClient,
    private readonly close: CloseAbandoned,
  ) {}

  async run(tenantId: string, executionId: string): Promise<void> {
    const isOrphan = await this.db.run(tenantId, async () => {
      const child = await this.executions.get(executionId);
      if (child?.status !== 'pending' || child.parent_execution_id === null) return false;
      const parent = await this.executions.get(child.parent_execution_id);
      return !parent || isEnded(parent.status);
    });
    if (!isOrphan) return;
    await this.close.run(tenantId, executionId, () => isExecutionClosed(this.temporal.client, tenantId, executionId));
  }
}
