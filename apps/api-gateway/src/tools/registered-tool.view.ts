import { type HttpTarget, type RateLimit, TOOL_KINDS, type ToolKind, toolSpecOf } from '@aumos/agf-domain';
import type { ToolEntity } from '@aumos/agf-persistence';
import { ApiProperty } from '@nestjs/swagger';
import { HttpTargetDto } from './tool.dto.js';
import { ToolView } from './tool.view.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;

export class RegisteredToolView extends ToolView {
  @ApiProperty({ enum: TOOL_KINDS }) kind: ToolKind;
  @ApiProperty({ ...OBJECT, nullable: true, example: { calls: 60, seconds: 60 } }) rate_limit: RateLimit | null;
  @ApiProperty({ type: Number, nullable: true }) cost: number | null;
  @ApiProperty({ type: HttpTargetDto }) http: HttpTarget;
  @ApiProperty({ description: 'false: no call of it is made' }) enabled: boolean;
  @ApiProperty({ description: 'who wrote this version' }) created_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export const registeredToolView = (row: ToolEntity): RegisteredToolView => {
  const { definition, version } = row;
  const { name, kind, rate_limit = null, cost = null, http } = definition;
  return {
    id: name,
    ...toolSpecOf({ ...definition, version }),
    kind,
    rate_limit,
    cost,
    http,
    enabled: row.enabled,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
};
