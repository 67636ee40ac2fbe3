import type { BreakerKey } from '@aumos/agf-domain';
import type { DeliveredEvent } from '@aumos/agf-events';
import { CallStatisticsRepository, DefinitionsRepository, type Happening, TenantDb } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

type Event = Pick<DeliveredEvent, 'tenant_id' | 'occurred_at'>;

/** Counts what an event tells, in the hour in which it happened. */
@Injectable()
export class CountCall {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly statistics: CallStatisticsRepository,
  ) {}

  /** For the agent as well, where the workflow is what its invocations run. */
  async ofWorkflow({ tenant_id, occurred_at }: Event, workflowId: string, happening: Happening): Promise<void> {
    await this.db.run(tenant_id, async () => {
      const agent = (await this.definitions.get(workflowId))?.agent_id;
      const keys: BreakerKey[] = [`workflow:${workflowId}`, ...(agent ? ([`agent:${agent}`] as const) : [])];
      await this.statistics.count(keys, happening, new Date(occurred_at));
    });
  }

  async ofAgent({ tenant_id, occurred_at }: Event, agentId: string, happening: Happening): Promise<void> {
    await this.db.run(tenant_id, () => this.statistics.count([`agent:${agentId}`], happening, new Date(occurred_at)));
  }
}
