import {
  CHANNEL_DISABLED_BY,
  CHANNEL_KINDS,
  type ChannelDisabledBy,
  type ChannelKind,
  type ChannelSettings,
  NOTICE_KINDS,
  type NoticeKind,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import type { ChannelEntity } from '@aumos/agf-persistence';
import { ApiProperty } from '@nestjs/swagger';

export class ChannelView {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: CHANNEL_KINDS }) kind: ChannelKind;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'without what is secret: of Slack only the host is shown',
  })
  settings: ChannelSettings;
  @ApiProperty({ enum: NOTICE_KINDS, isArray: true, description: 'none: everything' }) notices: NoticeKind[];
  @ApiProperty({ type: [String], description: 'none: all' }) workflows: string[];
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 5 }) min_privilege_level: PrivilegeLevel;
  @ApiProperty() enabled: boolean;
  @ApiProperty({
    type: String,
    enum: CHANNEL_DISABLED_BY,
    nullable: true,
    description: 'gone: its receiver answered 410',
  })
  disabled_by: ChannelDisabledBy | null;
  @ApiProperty() created_by: string;
  @ApiProperty() updated_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export class CreatedChannelView extends ChannelView {
  @ApiProperty({
    type: String,
    nullable: true,
    description: "of a webhook: the secret that signs, which is shown here only, as 'whsec_' and base64",
  })
  secret: string | null;
}

export class RotatedSecretView {
  @ApiProperty({ description: 'shown here only' }) secret: string;
  @ApiProperty({ format: 'date-time', description: 'until then the secret before signs as well' })
  previous_until: string;
}

export const channelView = (row: ChannelEntity): ChannelView => ({
  ...{ id: row.id, name: row.name, kind: row.kind, settings: row.settings },
  ...{ notices: row.notices, workflows: row.workflows, min_privilege_level: row.min_privilege_level },
  ...{ enabled: row.enabled, disabled_by: row.disabled_by },
  ...{ created_by: row.created_by, updated_by: row.updated_by },
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
