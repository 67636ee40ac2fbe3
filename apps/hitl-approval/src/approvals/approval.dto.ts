import { APPROVAL_STATUSES, type ApprovalStatus, type Json, type JsonObject } from '@aumos/agf-domain';
import { IfPresent, IsStorable, sortedPageQuery } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';

const PAYLOAD_HASH = /^[0-9a-f]{64}$/;

class NotesDto {
  @ApiPropertyOptional({ maxLength: 4000, description: 'Why; kept with the decision.' })
  @IfPresent()
  @IsString()
  @MaxLength(4000)
  @Matches(/^[^\0]*$/, { message: 'notes must not hold a NUL character' })
  notes?: string;
}

export class DecisionDto extends NotesDto {
  @ApiPropertyOptional({
    pattern: PAYLOAD_HASH.source,
    description: 'Of what was looked at: another payload is not decided, 409 PAYLOAD_CHANGED.',
  })
  @IfPresent()
  @Matches(PAYLOAD_HASH, { message: 'payload_hash must be 64 hexadecimal digits in lower case' })
  payload_hash?: string;

  @ApiPropertyOptional({
    maxLength: 200,
    description: 'The token of the link of a notice that led here: it is used up, and kept with the decision.',
  })
  @IfPresent()
  @IsString()
  @MaxLength(200)
  link?: string;
}

export class EditDto extends DecisionDto {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'All of them, as they are to be.' })
  @IsDefined()
  @IsObject()
  arguments: JsonObject;
}

export class RespondDto extends DecisionDto {
  @ApiProperty({ nullable: true, description: 'In place of what the call would give: any JSON value, up to 64 KiB.' })
  @ValidateIf((_object, value) => value === undefined)
  @IsDefined()
  result: Json;
}

export class DelegateDto extends NotesDto {
  @ApiProperty({
    minLength: 1,
    maxLength: 255,
    description: 'sub of who decides in your place; your own: you take it back',
  })
  @IsString()
  @Length(1, 255)
  @IsStorable()
  to: string;
}

export class ClaimDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 240, default: 30 })
  @IfPresent()
  @IsInt()
  @Min(1)
  @Max(240)
  minutes?: number;
}

export class PendingQueryDto extends sortedPageQuery(['created_at', 'expires_at']) {
  @ApiPropertyOptional({ format: 'uuid', description: 'with the executions below it' })
  @IfPresent()
  @IsUUID()
  execution_id?: string;
}

export class ApprovalsQueryDto extends PendingQueryDto {
  @ApiPropertyOptional({ enum: APPROVAL_STATUSES })
  @IfPresent()
  @IsIn(APPROVAL_STATUSES)
  status?: ApprovalStatus;

  @ApiPropertyOptional({ format: 'uuid' })
  @IfPresent()
  @IsUUID()
  workflow_id?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'those that it decided' })
  @IfPresent()
  @IsUUID()
  standing_id?: string;
}
