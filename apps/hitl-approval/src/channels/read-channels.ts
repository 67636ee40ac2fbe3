import { ChannelsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { channelView, type ChannelView } from './channel.view.js';

@Injectable()
export class ReadChannels {
  constructor(
    private readonly db: TenantDb,
    private readonly channels: ChannelsRepository,
  ) {}

  /** By name. */
  async list(tenantId: string, query: PageQuery): Promise<Page<ChannelView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.channels.list(query);
      return pageOf(items.map(channelView), total, query);
    });
  }

  /** @throws ApiError NOT_FOUND */
  async get(tenantId: string, id: string): Promise<ChannelView> {
    const row = await this.db.run(tenantId, () => this.channels.get(id));
    if (!row) throw notFound();
    return channelView(row);
  }
}
