import {
  CHANNEL_KINDS,
  type ChannelKind,
  type JsonObject,
  NOTICE_KINDS,
  type NoticeKind,
  type PrivilegeLevel,
} from '@aumos/agf-domain';
import { IfPresent } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';

export class ReplaceChannelDto {
  @ApiProperty({ type: String, pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' })
  @IsString()
  @Matches(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/)
  name: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'Of a webhook: `url`. Of Slack: `url`, which is not shown again; absent from a replacement, it stays. Of e-mail: `to`, and perhaps `sender_name` and `reply_to`.',
    example: { url: 'https://example.com/approvals' },
  })
  @IsDefined()
  @IsObject()
  settings: JsonObject;

  @ApiPropertyOptional({ enum: NOTICE_KINDS, isArray: true, description: 'what it is told of; none: everything' })
  @IfPresent()
  @IsArray()
  @ArrayUnique()
  @IsIn(NOTICE_KINDS, { each: true })
  notices?: NoticeKind[];

  @ApiPropertyOptional({ type: [String], maxItems: 100, description: 'of these workflows, by name; none: of all' })
  @IfPresent()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(200, { each: true })
  @Matches(/^[^\0]*$/, { each: true, message: 'each of workflows must not hold a NUL character' })
  workflows?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 5,
    default: 1,
    description: 'of calls from this level on',
  })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(5)
  min_privilege_level?: PrivilegeLevel;

  @ApiPropertyOptional({ type: Boolean, default: true })
  @IfPresent()
  @IsBoolean()
  enabled?: boolean;
}

export class CreateChannelDto extends ReplaceChannelDto {
  @ApiProperty({ enum: CHANNEL_KINDS })
  @IsIn(CHANNEL_KINDS)
  kind: ChannelKind;
}
