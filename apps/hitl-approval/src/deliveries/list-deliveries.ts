import { DeliveriesRepository, type DeliveriesQuery, TenantDb } from '@aumos/agf-persistence';
import { type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { deliveryView, type DeliveryView } from './delivery.view.js';

@Injectable()
export class ListDeliveries {
  constructor(
    private readonly db: TenantDb,
    private readonly deliveries: DeliveriesRepository,
  ) {}

  async run(tenantId: string, query: DeliveriesQuery & PageQuery): Promise<Page<DeliveryView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.deliveries.list(query);
      return pageOf(items.map(deliveryView), total, query);
    });
  }
}
