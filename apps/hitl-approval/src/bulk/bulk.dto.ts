import { DECISIONS, type Decision, type Json, type JsonObject } from '@aumos/agf-domain';
import { IfPresent } from '@aumos/agf-platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsUUID,
  ValidateNested,
} from 'class-validator';
import { DecisionDto } from '../approvals/approval.dto.js';

/** Of one request. */
const MOST_DECISIONS = 500;

export class BulkDecisionDto extends DecisionDto {
  @ApiProperty({ format: 'uuid', description: 'of the approval' })
  @IsUUID()
  id: string;

  @ApiProperty({ enum: DECISIONS })
  @IsIn(DECISIONS)
  decision: Decision;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Of an edit: all of them.' })
  @IfPresent()
  @IsObject()
  arguments?: JsonObject;

  @ApiPropertyOptional({ nullable: true, description: 'Of a response: any JSON value, up to 64 KiB.' })
  @Allow()
  result?: Json;
}

export class BulkDto {
  @ApiProperty({ type: [BulkDecisionDto], minItems: 1, maxItems: MOST_DECISIONS, uniqueItems: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_DECISIONS)
  @ArrayUnique((one: Partial<BulkDecisionDto> | null) => one?.id, { message: 'an approval is decided once' })
  @ValidateNested({ each: true })
  @Type(() => BulkDecisionDto)
  decisions: BulkDecisionDto[];
}
