import {
  type FunctionTarget,
  type HttpTarget,
  type McpTarget,
  type RateLimit,
  TOOL_KINDS,
  type ToolDefinition,
  type ToolKind,
  type ToolReview,
  toolSpecOf,
} from '@aumos/agf-domain';
import type { ToolEntity } from '@aumos/agf-persistence';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FunctionTargetDto, HttpTargetDto } from './tool.dto.js';
import { ToolView } from './tool.view.js';

const OBJECT = { type: 'object', additionalProperties: true } as const;

export class RegisteredToolView extends ToolView {
  @ApiProperty({ enum: TOOL_KINDS }) kind: ToolKind;
  @ApiProperty({ ...OBJECT, nullable: true, example: { calls: 60, seconds: 60 } }) rate_limit: RateLimit | null;
  @ApiProperty({ type: Number, nullable: true }) cost: number | null;
  @ApiPropertyOptional({ type: HttpTargetDto, description: 'of kind http' }) http?: HttpTarget;
  @ApiPropertyOptional({ type: FunctionTargetDto, description: 'of kind function' }) function?: FunctionTarget;
  @ApiPropertyOptional({
    ...OBJECT,
    description: 'of kind mcp: url, tool, headers, and the pin of what its server said',
  })
  mcp?: McpTarget;
  @ApiProperty({
    ...OBJECT,
    nullable: true,
    description: 'what its server says now: no call is made until it was reviewed',
  })
  review: ToolReview | null;
  @ApiProperty({ description: 'false: no call of it is made' }) enabled: boolean;
  @ApiProperty({ description: 'who wrote this version' }) created_by: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
}

export const registeredToolView = (row: ToolEntity): RegisteredToolView => {
  const { definition, version } = row;
  const { name, kind, rate_limit = null, cost = null } = definition;
  return {
    id: name,
    ...toolSpecOf({ ...definition, version }),
    kind,
    rate_limit,
    cost,
    ...targetOf(definition),
    enabled: row.enabled,
    review: row.review,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
};

function targetOf(tool: ToolDefinition): Pick<RegisteredToolView, ToolKind> {
  switch (tool.kind) {
    case 'http':
      return { http: tool.http };
    case 'function':
      return { function: tool.function };
    case 'mcp':
      return { mcp: tool.mcp };
  }
}
