import { randomUUID } from 'node:crypto';
import { asksToDecide, isForChannel } from '@aumos/agf-domain';
import {
  type ApprovalEntity,
  ApprovalsRepository,
  type ChannelEntity,
  ChannelsRepository,
  DecisionLinksRepository,
  DeliveriesRepository,
  type NoticeEntity,
  NoticesRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { messageOf } from './message-of.js';

/** Of one transaction. */
const BATCH = 100;
/** An approval that stays open after its time is decided later: its links last so much longer. */
const LATER_MS = 7 * 86_400_000;

/**
 * Makes of each notice one delivery a channel that is to be told of it. Notice and deliveries are of one transaction:
 * whatever dies, each is made once.
 */
@Injectable()
export class ExpandNotices {
  constructor(
    private readonly db: TenantDb,
    private readonly notices: NoticesRepository,
    private readonly channels: ChannelsRepository,
    private readonly approvals: ApprovalsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly links: DecisionLinksRepository,
  ) {}

  /** All that the tenant has. @returns how many notices */
  async run(tenantId: string): Promise<number> {
    let total = 0;
    for (let last = BATCH; last === BATCH; total += last) last = await this.db.run(tenantId, () => this.batch());
    return total;
  }

  private async batch(): Promise<number> {
    const notices = await this.notices.takeUnsent(BATCH);
    const channels = notices.length === 0 ? [] : await this.channels.enabled();
    for (const notice of notices) {
      if (channels.length > 0) await this.expand(notice, channels);
      await this.notices.markSent(notice.id);
    }
    return notices.length;
  }

  private async expand(notice: NoticeEntity, channels: readonly ChannelEntity[]): Promise<void> {
    const approval = await this.approvals.get(notice.approval_id);
    if (!approval) return;
    for (const channel of channels)
      if (isForChannel(notice, approval, channel)) await this.deliver(notice, approval, channel);
  }

  private async deliver(notice: NoticeEntity, approval: ApprovalEntity, channel: ChannelEntity): Promise<void> {
    const { id: notice_id, kind } = notice;
    const [id, approval_id] = [randomUUID(), approval.id];
    const message = messageOf(notice, approval);
    const added = await this.deliveries.add({ id, channel_id: channel.id, notice_id, approval_id, kind, message });
    if (added && asksToDecide(kind)) await this.links.add({ id, approval_id, expires_at: linkEnd(approval) });
  }
}

function linkEnd({ expires_at, auto_reject_on_timeout }: ApprovalEntity): Date {
  return auto_reject_on_timeout ? expires_at : new Date(Math.max(Date.now(), expires_at.getTime()) + LATER_MS);
}
