import {
  type ChannelDisabledBy,
  type ChannelKind,
  type ChannelMessage,
  type ChannelSettings,
  type DeliveryAttempt,
  type DeliveryStatus,
  type MessageKind,
  type NoticeKind,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { Column, Entity } from 'typeorm';
import { checkedJson } from './columns.js';
import { TenantRow } from './tenant-row.js';

/** A way by which people are told of approvals. What is secret of it is a secret of its name. */
@Entity('agf_hitl_channels')
export class ChannelEntity extends TenantRow {
  @Column('text') name: string;
  @Column('text') kind: ChannelKind;
  @Column('jsonb', { transformer: checkedJson }) settings: ChannelSettings;
  /** what it is told of; none: all */
  @Column('text', { array: true }) notices: NoticeKind[];
  /** of whose approvals, by name; none: of all */
  @Column('text', { array: true }) workflows: string[];
  @Column('int') min_privilege_level: PrivilegeLevel;
  @Column('boolean') enabled: boolean;
  @Column('text', { nullable: true }) disabled_by: ChannelDisabledBy | null;
  @Column('text') created_by: string;
  @Column('text') updated_by: string;
}

/** One notice on its way by one channel. */
@Entity('agf_hitl_deliveries')
export class DeliveryEntity extends TenantRow {
  @Column('uuid') channel_id: string;
  /** null: somebody tries the channel */
  @Column('uuid', { nullable: true }) notice_id: string | null;
  @Column('uuid', { nullable: true }) approval_id: string | null;
  @Column('text') kind: MessageKind;
  @Column('jsonb', { transformer: checkedJson }) message: ChannelMessage;
  @Column('text') status: DeliveryStatus;
  /** counts on with each claim: whoever holds an older one does not write any more */
  @Column('int') claims: number;
  /** since it was made, or asked for again */
  @Column('int') failures: number;
  @Column('timestamptz') next_at: Date;
  /** the last ones, oldest first */
  @Column('jsonb', { transformer: checkedJson }) attempts: DeliveryAttempt[];
  @Column('timestamptz', { nullable: true }) delivered_at: Date | null;
  @Column('timestamptz', { nullable: true }) replayed_at: Date | null;
}

/** A tenant's own words for a kind of notice. */
@Entity('agf_hitl_templates')
export class ChannelTemplateEntity extends TenantRow {
  @Column('text') kind: MessageKind;
  @Column('text') subject: string;
  @Column('text') body: string;
  @Column('text') updated_by: string;
}

/** A link in a notice: its id is the delivery's that brought it. It leads to where one decides, and decides nothing. */
@Entity('agf_hitl_links')
export class DecisionLinkEntity extends TenantRow {
  @Column('uuid') approval_id: string;
  @Column('timestamptz') expires_at: Date;
  @Column('timestamptz', { nullable: true }) used_at: Date | null;
  @Column('text', { nullable: true }) used_by: string | null;
}
