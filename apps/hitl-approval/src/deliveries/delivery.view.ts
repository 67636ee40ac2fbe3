import {
  type ChannelMessage,
  DELIVERY_STATUSES,
  type DeliveryStatus,
  type MessageKind,
  NOTICE_KINDS,
} from '@aumos/agf-domain';
import type { DeliveryEntity } from '@aumos/agf-persistence';
import { ApiProperty } from '@nestjs/swagger';

export class DeliveryAttemptView {
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ type: 'integer', nullable: true, description: "the answer's status: HTTP's, or SMTP's" })
  status: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'a code; null: it was taken' }) error: string | null;
  @ApiProperty({ type: 'integer', minimum: 0 }) ms: number;
}

export class DeliveryView {
  @ApiProperty({ format: 'uuid', description: "with `msg_` before it, the webhook's id" }) id: string;
  @ApiProperty({ format: 'uuid' }) channel_id: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) approval_id: string | null;
  @ApiProperty({ enum: [...NOTICE_KINDS, 'test'] }) kind: MessageKind;
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'what is sent, without the link in it' })
  message: ChannelMessage;
  @ApiProperty({ enum: DELIVERY_STATUSES, description: 'dead: not sent again, unless it is replayed' })
  status: DeliveryStatus;
  @ApiProperty({ type: 'integer', minimum: 0 }) failures: number;
  @ApiProperty({ type: [DeliveryAttemptView], description: 'the last 50, oldest first' })
  attempts: DeliveryAttemptView[];
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'of a pending one' })
  next_attempt_at: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) delivered_at: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) replayed_at: string | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export const deliveryView = (row: DeliveryEntity): DeliveryView => ({
  ...{ id: row.id, channel_id: row.channel_id, approval_id: row.approval_id, kind: row.kind, message: row.message },
  ...{ status: row.status, failures: row.failures, attempts: row.attempts },
  next_attempt_at: row.status === 'pending' ? row.next_at.toISOString() : null,
  delivered_at: row.delivered_at?.toISOString() ?? null,
  replayed_at: row.replayed_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
