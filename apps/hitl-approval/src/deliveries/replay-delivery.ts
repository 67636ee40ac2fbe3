import { type Actor, ApiError } from '@aumos/agf-domain';
import { AuditRepository, ChannelsRepository, DeliveriesRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { deliveryView, type DeliveryView } from './delivery.view.js';

/** Sends again what was delivered or is dead: the same message by the same id, with as many attempts as a new one. */
@Injectable()
export class ReplayDelivery {
  constructor(
    private readonly db: TenantDb,
    private readonly deliveries: DeliveriesRepository,
    private readonly channels: ChannelsRepository,
    private readonly audit: AuditRepository,
  ) {}

  /** @throws ApiError NOT_FOUND, INVALID_STATE while it is under way, or its channel is disabled */
  async run(actor: Pick<Actor, 'tenant_id' | 'sub'>, id: string): Promise<DeliveryView> {
    return this.db.run(actor.tenant_id, async () => {
      const row = await this.deliveries.get(id);
      if (!row) throw notFound();
      const channel = await this.channels.get(row.channel_id);
      if (!channel?.enabled) throw new ApiError('INVALID_STATE', 'Its channel is disabled.');
      if (!(await this.deliveries.replay(id))) throw new ApiError('INVALID_STATE', 'It is under way already.');
      await this.audit.append({
        actor_id: actor.sub,
        action: 'hitl_delivery.replay',
        resource_type: 'hitl_delivery',
        resource_id: id,
        outcome: 'allowed',
        details: { channel_id: row.channel_id, approval_id: row.approval_id, before: row.status },
      });
      return deliveryView((await this.deliveries.get(id))!);
    });
  }
}
